// The words of an archive's attributions, and what they mean.

// A table without a prototype: a match that is called "constructor" is not in it.
function wordTable(words) {
  return Object.assign(Object.create(null), words);
}

const MATCH_WORDS = wordTable({
  embedded: 'the event itself holds the claims',
  token: 'the event names the token, and it is one of this key',
  sole: 'the event names no token; exactly one of the key was valid then',
  agreed: 'the event names no token; several were valid and all say the same',
  narrowed: 'several were valid and differ; those that the event does not contradict say the same',
  ambiguous: 'several tokens were valid and they differ, so no claim was used',
  none: 'no claims of a caller are known',
  not_applicable: 'the actor is no API key, so there was nothing to look up',
});

const FROM_WORDS = wordTable({
  key_name: 'the name of the key, as no caller is known',
  key_id: 'the id of the key, as nothing else is known',
  actor: 'the event’s own actor, as the vendor logged it',
  on_behalf_of: 'whom the event says that it was done for',
});

const KIND_WORDS = wordTable({
  internal: 'One of us',
  external: 'Somebody from outside',
  automation: 'A machine',
  unknown: 'No rule says who that is',
});

const FLAG_WORDS = wordTable({
  skew: 'the tolerance for clocks has decided',
  token_time_outside: 'the event lies outside the token’s time',
  token_unknown: 'the token that the event names is not known',
  token_of_other_key: 'the token belongs to another key',
  untrusted_issuer: 'the claims come from an issuer that is not trusted',
  key_unknown: 'the key is not in the directory',
  key_expired: 'the key had expired',
  key_deleted: 'the key was deleted before',
  key_version_outside: 'no version of the key holds at that time',
  display_cleaned: 'the name held characters that could deceive, or was too long',
  imitates_actor: 'the name could pass for somebody else',
  additional_fields_unparsed: 'additional fields could not be read',
  chain_circle: 'the tokens were asked for by one another, in a circle',
  chain_too_long: 'more tokens were asked for by one another than are followed',
  chain_incomplete: 'one of the tokens that asked for the next is not known',
});

// What a shown name was taken from.
function fromWords(from) {
  if (!from) return 'the event’s own actor; it was not attributed';
  if (from.startsWith('claim:')) return 'the claim “' + from.slice(6) + '” of the caller’s token';
  if (from.startsWith('template:')) {
    return 'claims of the caller’s token, put together as “' + from.slice(9) + '”';
  }
  return FROM_WORDS[from] || from;
}

// The source of a name in few words, for a line with others.
function fromLabel(from) {
  if (!from) return 'the event';
  const label = from.replace(/^claim:/, 'claim ').replace(/^template:/, 'template ').replace('_', ' ');
  return clean(label);
}
