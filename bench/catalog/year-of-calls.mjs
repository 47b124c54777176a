const dayMs = 86_400_000;
const offers = ['home-insurance', 'car-insurance', 'gold-card', 'personal-loan', 'savings', 'fund-plan', 'mobile-plan', 'streaming'];

/** A sample customer's profile with the 50 contacts that a year of calls leaves: 25 decisions, each with its UUID, what was presented and what became of it. */
export function withFiftyContacts(place, { profile }, now) {
  const contacts = Array.from({ length: 25 }, (_, call) => {
    const known = { decisionId: uuidOf(place, call), offerId: offers[(place + call) % offers.length], kind: 'cross-sell', channel: 'call-center' };
    const occurredAt = now - (25 - call) * 14 * dayMs + place * 1009;
    return [
      { ...known, placement: 'agent-desktop', outcome: 'presented', occurredAt },
      { ...known, outcome: call % 3 === 0 ? 'clicked' : 'declined', occurredAt: occurredAt + 45_000 + call },
    ];
  }).flat();
  return { id: `M-${place}`, profile, contacts };
}

/** The same in every run, and in no two decisions. */
function uuidOf(place, call) {
  const hex = [place, call, place ^ 0x5bd1e995, call * 0x9e3779b9].map((word) => (Math.imul(word + 1, 0x85ebca6b) >>> 0).toString(16).padStart(8, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}
