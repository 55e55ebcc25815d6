"""What has to come up in the worlds, or else nothing is known about it."""


def pairs(left, word, right):
    return [f"{one} {word} {other}".replace("  ", " ") for one in left.split() for other in right.split()]


FALLBACKS = "key_name key_id actor nothing"
EDGES = ["iat", "iat - skew", "iat + skew", "exp", "exp - skew", "exp + skew"]

BRANCHES = [
    *pairs("embedded token sole agreed", "from", f"claim template {FALLBACKS}"),
    *pairs("narrowed", "from", "claim template"),
    *pairs("ambiguous none", "from", FALLBACKS),
    *pairs("not_applicable", "from", "actor nothing"),
    *pairs("skew", "with", "embedded token sole agreed narrowed ambiguous none"),
    *pairs("untrusted_issuer", "with", "embedded token sole agreed"),
    *pairs("token_unknown token_of_other_key", "with", "none"),
    "token_of_other_key with embedded", *pairs("token_time_outside", "with", "embedded token"),
    "claims in the event without a time that can be read", "claims not shown outside of their time",
    "a named token within its session", "inference barred", "tokens contradicted",
    "tokens whose sessions have rows of their own",
    "a run without a key", "a run without a key, of several", "a run that is unknown, or of another key",
    "one run, told of differently", "a run with one token", "a run with several tokens",
    "candidates who show nobody", "more candidates than are named",
    "key_unknown", "key_expired", "key_deleted", "key_version_outside", "shortened id",
    "shortened id by a name of another time", "a version with a bound, and no time",
    *pairs("display_cleaned", "from", "claim template key_name key_id actor"),
    *pairs("imitates_actor", "from", "claim template key_name key_id on_behalf_of"),
    "a key that is called as claims show", "white space alone",
    *(f"an event {when} {edge}" for when in ("at", "just before") for edge in EDGES),
    *pairs("sole agreed", "on", "somebody nothing"),
    "sole not accepted", "agreed not accepted", "narrowed not accepted", "token not accepted", "embedded not accepted",
    "token id that is no text", "token id that is filtered", "token id at several keys",
    "a row told again", "one token, told of alike", "one token, told of differently",
    "alike by different candidates", "alike only once cleaned", "several spellings",
    "nothing in common to keep", "pseudonym", "renamed", "a pseudonym shown",
    "policy by issuer", "policy by key id", "policy by key name", "policy by account",
    "policy with its own trusted issuers", "policy by account without one", "condition that is empty",
    "policy by a pattern of issuers", "policy that requires claims", "claims that are not as required",
    "trusted by what claims are",
    *pairs("filter", "", "lower normalize decode strip_ids before after after_last strip_prefix default"),
    *(f"a chain of {links} links" for links in range(2, 10)),
    "chain_incomplete", "chain_circle", "chain_too_long",
    *(f"a chain behind {match}" for match in ("token", "sole", "narrowed")), "a chain from tokens of several keys",
    *(f"a chain that ends at {match}" for match in ("none", "ambiguous")),
    "a root that is a key", "a root that is a name", "a root shown by a policy of its own key",
    "rows about one token that differ in who asked", "a link that is not verified",
    "a link of who acts", "a link of who acts, in the event", "for whom it was done",
    "claims in the event that show nothing, before a chain", "claims in the event with which too many act",
    "claims in an event without a time", "a token named at no time", "agreed at the roots",
    "one of several whose chain cannot be followed", "several, and what is wrong with a chain",
    "alike but for what UTF-8 cannot say",
    *pairs("token none not_applicable", "from", "on_behalf_of"),
    "filters that leave nothing", "pattern that fits", "pattern that does not fit",
]
