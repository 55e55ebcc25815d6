internal import Bytes
internal import Engine
internal import JSONText
internal import Trail

/// The story of an attribution: which tokens were looked at and why each fell away, which policy
/// decided, what it would rather have shown, what was shown and what was kept.
extension DisplayStage: Explaining {
  func explain(_ batch: Batch, _ index: Int) -> [String] {
    guard batch.records[index].verdict == .keep else { return [] }
    let finding = finding(batch, index)
    var story = finding.sentences
    story += policyStory(finding)
    let display = batch[.displayActor, index]
    let from = batch[.from, index]
    if display.isEmpty {
      story.append("nothing to show: neither a claim nor a fallback is there")
    } else {
      story.append("shown: \(batch.string(display)) from \(batch.string(from))")
    }
    let isByKey = ["\"key_name\"", "\"key_id\""].contains(batch.string(from))
    if isByKey, batch.records[index].flags & AttributionFlags.imitatesActor.rawValue != 0 {
      story.append(
        "what the key is called could pass for somebody: --actor does not find it, --key does")
    }
    let chain = batch[.chain, index]
    if !chain.isEmpty { story.append("chain: \(batch.string(chain))") }
    let claims = batch[.claims, index]
    story.append(claims.isEmpty ? "no claims are kept" : "claims kept: \(batch.string(claims))")
    for (bit, name) in AttributionFlags.names.enumerated()
    where batch.records[index].flags & 1 << UInt32(bit) != 0 { story.append("flag: \(name)") }
    return story
  }

  func facts(_ batch: Batch, _ index: Int) -> [(name: String, json: String)] {
    guard batch.records[index].verdict == .keep else { return [] }
    let finding = finding(batch, index)
    var facts: [(name: String, json: String)] = [("match", JSONFacts.string(finding.match.name))]
    if let token = finding.token { facts.append(("token", JSONFacts.string(token))) }
    if let candidates = finding.candidates {
      facts.append(("tokens_of_key", "\(candidates.count)"))
      facts.append(("tokens", JSONFacts.array(candidates.nearest.map(token))))
    }
    if finding.policy >= 0 {
      facts.append(("policy", "\(finding.policy + 1)"))
      facts.append(("missing", JSONFacts.array(missing(finding).map(JSONFacts.string))))
    }
    let slots: [(String, AddedSlot)] = [
      ("shown", .displayActor), ("from", .from), ("kept", .claims), ("chain", .chain),
    ]
    for (name, slot) in slots {
      let value = batch[slot, index]
      if !value.isEmpty { facts.append((name, batch.string(value))) }
    }
    return facts
  }

  // MARK: Finding out again

  /// How the claims came to an event, found out anew.
  private struct Finding {
    var match: ClaimMatch
    var sentences: [String] = []
    var policy = -1
    var candidate = -1
    /// The id of the token that the event names.
    var token: String?
    /// The key's tokens, where the event names none.
    var candidates: (nearest: [ClaimStore.Candidate], count: Int)?
  }

  private func finding(_ batch: Batch, _ index: Int) -> Finding {
    if let claims = embeddedClaims(batch, index) {
      let finding = embedded(claims, batch, index)
      let key = subject(batch, index).key ?? .empty
      if finding.candidate >= 0 || !beginsChain(key, batch, index) { return finding }
    }
    let key = subject(batch, index).key
    let run = run(batch, index)
    guard key != nil || run != nil else {
      return Finding(
        match: .notApplicable,
        sentences: ["the actor is no API key, so there are no claims to look for"])
    }
    guard store != nil else {
      return Finding(match: .none, sentences: ["the definition names no claim store"])
    }
    var readers = Readers(self)
    var chain = ClaimChain()
    return withAnswer(key, batch, index, &readers) { found in
      let answer = found.map { follow($0, batch, index, &chain) }
      var finding = Finding(match: answer?.match ?? (key == nil ? .notApplicable : .none))
      finding.policy = answer?.policy ?? -1
      finding.candidate = answer?.candidate ?? -1
      if let token = dialect.scalar(.token, batch, index), !token.isEmpty, key != nil {
        finding.token = batch.string(token)
        finding.sentences = [tokenSentence(batch.string(token), answer)]
      } else if let run {
        finding.sentences = [runSentence(batch.string(run), answer)]
      } else if let key {
        inferred(key, answer, batch, index, &finding)
      }
      return finding
    }
  }

  private func embedded(_ claims: Span32, _ batch: Batch, _ index: Int) -> Finding {
    var reader = ClaimReader(policies)
    var finding = Finding(match: .embedded, sentences: ["claims in the event itself"])
    let key = subject(batch, index).key ?? .empty
    guard reader.read(batch.bytes[claims], key: batch.bytes[key]) else { return finding }
    let shown = reader.rendering.shown(selector(batch, index))
    var chain = ClaimChain()
    if !chain.follow(embedded: batch.bytes[claims], shown.text) {
      finding.match = .none
      finding.sentences.append(
        "more than \(ClaimChain.mostLinks) links act with them, so no claim is used")
    }
    finding.policy = shown.policy
    finding.candidate = shown.candidate
    return finding
  }

  private func tokenSentence(_ token: String, _ answer: ClaimAnswer?) -> String {
    guard let answer else { return "the event names token \(token), but \"accept\" forbids it" }
    let flags = AttributionFlags(rawValue: answer.flags)
    if flags.contains(.tokenUnknown) { return "token \(token) is not in the claim store" }
    if flags.contains(.tokenOfOtherKey) {
      return "token \(token) belongs to another key, so its claims do not count"
    }
    return answer.match == .ambiguous
      ? "the claim store says several things about token \(token) of this key, which differ"
      : "token \(token) is one of this key"
  }

  private func runSentence(_ run: String, _ answer: ClaimAnswer?) -> String {
    guard let answer else {
      return rules.accepted.token
        ? "run \(run) is not in the claim store"
        : "the event names run \(run), but \"accept\" forbids it"
    }
    let flags = AttributionFlags(rawValue: answer.flags)
    if flags.contains(.tokenUnknown) { return "run \(run) is not in the claim store" }
    if flags.contains(.tokenOfOtherKey) {
      return "run \(run) is one of another key, so its claims do not count"
    }
    return answer.match == .ambiguous
      ? "the claim store says several things about run \(run), which differ"
      : "run \(run) is in the claim store"
  }

  private func inferred(
    _ key: Span32, _ answer: ClaimAnswer?, _ batch: Batch, _ index: Int,
    _ finding: inout Finding
  ) {
    finding.sentences.append("the event names no token")
    guard policies.infers else {
      finding.sentences.append("nothing is inferred without \"infer\"")
      return
    }
    guard rules.accepted.infers, let store else {
      finding.sentences.append("\"accept\" forbids to look at other tokens of the key")
      return
    }
    var conditions = ConditionReader(store)
    _ = conditions?.read(body: batch.bytes[batch.records[index].body])
    let candidates = store.candidates(
      key: batch.bytes[key], at: batch.records[index].time, selector(batch, index)
    ) { conditions?.contradiction(of: $0) }
    finding.candidates = candidates
    for candidate in candidates.nearest {
      finding.sentences.append("token \(candidate.description)")
    }
    if candidates.count > candidates.nearest.count {
      finding.sentences.append(
        "and \(candidates.count - candidates.nearest.count) other tokens of this key, further off")
    }
    finding.sentences.append(verdict(answer, batch.records[index].time, candidates.count))
  }

  private func verdict(_ answer: ClaimAnswer?, _ time: Int64, _ count: Int) -> String {
    if time == Record.noTime { return "without a usable time no token can be told to be valid" }
    guard let answer else { return "what that comes to is not accepted (\"accept\")" }
    switch answer.match {
    case .sole: return "sole: exactly one token of this key was valid"
    case .agreed: return "agreed: all tokens of this key that were valid would be shown alike"
    case .narrowed:
      return
        "narrowed: of the tokens of this key that were valid, those that the event contradicts (\"where\")"
        + " are left out; the rest would be shown alike"
    case .ambiguous:
      let names = String(decoding: answer.candidates, as: UTF8.self)
      return "ambiguous: tokens of this key that were valid differ, so no claim is used: one of"
        + " \(answer.candidatesTotal), \(names)"
    default:
      return count == 0
        ? "the claim store has no token of this key"
        : "none of them was valid at the event's time, the event contradicts all that were (\"where\"), or"
          + " the policy of one that may have been infers nothing then (\"infer\", \"covers\")"
    }
  }

  // MARK: Policies

  private func missing(_ finding: Finding) -> [String] {
    policies.missing(
      before: finding.candidate >= 0 ? finding.candidate : nil, ofPolicy: finding.policy)
  }

  private func policyStory(_ finding: Finding) -> [String] {
    switch finding.match {
    case .none, .ambiguous, .notApplicable: return []
    default: break
    }
    guard finding.policy >= 0 else { return finding.match == .agreed ? [] : ["no policy fits"] }
    let name = policies.name(ofPolicy: finding.policy)
    let missing = missing(finding).joined(separator: ", ")
    if finding.candidate < 0 {
      return ["\(name) decides; nothing that it shows is there: \(missing)"]
    }
    let origin = policies.origins[finding.candidate]
    return ["\(name) shows \(origin)" + (missing.isEmpty ? "" : "; missing before it: \(missing)")]
  }
}

extension ClaimStore.Candidate {
  fileprivate var description: String {
    var words = [standing]
    if let issuedAt = Timestamp.text(microseconds: issuedAt) { words.append("issued \(issuedAt)") }
    if let expiresAt = Timestamp.text(microseconds: expiresAt) {
      words.append("expires \(expiresAt)")
    }
    if let sessionEnd = Timestamp.text(microseconds: sessionEnd) {
      words.append("its session ends \(sessionEnd)")
    }
    words.append(shown.map { "would show \($0)" } ?? "would show no claim")
    if let contradiction { words.append("contradicted by the event's \(contradiction)") }
    return "\(token ?? "without an id"): \(words.joined(separator: ", "))"
  }
}

/// A token of a key as a JSON object.
private func token(_ candidate: ClaimStore.Candidate) -> String {
  var members: [String] = []
  if let token = candidate.token { members.append("\"id\":\(JSONFacts.string(token))") }
  members.append("\"standing\":\(JSONFacts.string(candidate.standing))")
  let times = [
    ("issued_at", candidate.issuedAt), ("expires_at", candidate.expiresAt),
    ("session_expires_at", candidate.sessionEnd),
  ]
  for (name, time) in times {
    guard let text = Timestamp.text(microseconds: time) else { continue }
    members.append("\"\(name)\":\(JSONFacts.string(text))")
  }
  if let pointer = candidate.contradiction {
    members.append("\"contradicted_by\":\(JSONFacts.string(pointer))")
  }
  if let shown = candidate.shown { members.append("\"shows\":\(shown)") }
  return "{\(members.joined(separator: ","))}"
}
