export const outcomes = ['delivered', 'opened', 'presented', 'clicked', 'accepted', 'declined', 'not-now', 'converted', 'bounced', 'unsubscribed'] as const;
export type Outcome = (typeof outcomes)[number];
export const offerKinds = ['cross-sell', 'up-sell', 'loyalty', 'retention', 'service', 'onboarding', 'win-back'] as const;
export type OfferKind = (typeof offerKinds)[number];
export const ruleKinds = ['business', 'communication', 'hygiene'] as const;
export type RuleKind = (typeof ruleKinds)[number];
export const funnelStages = ['inspire', 'explain', 'act'] as const;
export type FunnelStage = (typeof funnelStages)[number];
export type Direction = 'inbound' | 'outbound';
export type ExplainDepth = 'none' | 'reasons' | 'full';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [member: string]: Json };
export type JsonObject = { readonly [member: string]: Json };

/** Who answers for an entry, and by when it must be looked at again. */
export interface Stewardship { readonly owner?: string | undefined; readonly goal?: string | undefined; readonly reviewBy?: string | undefined }

export type CalendarPeriod = 'day' | 'week' | 'month';

export type ModelOutput = { readonly model: string; readonly output: string };
