# Built once with everything, then only what the service needs is kept: no compiler, no sources, no other platform's
# model runtime. Runs as a user without rights on a read-only root; state goes to /data.
FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json openapi.yaml ./
COPY src src
RUN npm run build \
 && npm prune --omit=dev \
 && find node_modules/onnxruntime-node/bin -mindepth 2 -maxdepth 2 -type d ! -name linux -exec rm -rf {} + \
 && find node_modules/onnxruntime-node/bin -mindepth 3 -maxdepth 3 -type d ! -name "$(node -p process.arch)" -exec rm -rf {} +

FROM node:22-bookworm-slim
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=8080 \
    NBO_CATALOG=/catalog \
    NBO_STORE=/data
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY openapi.yaml ./
COPY schema.yaml /catalog/
COPY strategies /catalog/strategies
COPY offers /catalog/offers
COPY rules /catalog/rules
COPY triggers /catalog/triggers
COPY models /catalog/models
RUN mkdir /data && chown 1000:1000 /data
# The image's user "node", by number, so that a cluster can see that it is not root.
USER 1000:1000
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=2s --start-period=10s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/readyz').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]
