import Bytes
import Engine
import JSONText
import Settings
import TestSupport
import Testing
import Trail

/// Exchanges of tokens for sessions, held against the tokens of a claim store.
@Suite struct SessionLearnerTests {
  struct Learned {
    /// Rows of the store, and behind them those of sessions, without where these are known from.
    var rows: [String]
    var figures: SessionLearner.Figures
  }

  /// What is learned of events, of which those with `"verified":true` are the vendor's word.
  static func learn(
    _ tokens: [String], _ events: [String], sessions: String = "once: true",
    rule: String = "where: ['/ip'], session: '10h'", isWhole: Bool = true
  ) throws -> Learned {
    var text = """
      { sessions: { skew: '0s', \(sessions) }, rules: [{ when: { pointer: '/do', equals: 'exchange' },
        key_id: '/key', via: { key_id: '/key', token_id: '/jti' }, \(rule) }] }
      """
    let file = try text.withUTF8 { try JSON5.parse($0, file: "rules.json5") }
    var table = PointerTable()
    let rules = try CredentialRules(exchanges: file, dialect: nil, table: &table)
    let dialect = try Dialect.named("spacelift").bind(&table)
    let reader = CredentialReader(rules, dialect)
    let exchanges = Exchanges()
    var trail: ClosedRange<Int64>?
    for (index, event) in events.enumerated() {
      let batch = batch(of: event, table)
      if let time = dialect.time(batch, 0)?.microseconds {
        batch.records[0].time = time
        trail = min(time, trail?.lowerBound ?? time)...max(time, trail?.upperBound ?? time)
      }
      let reading = reader.readExchange(
        batch, 0, file: "f", record: index + 1, isVerified: event.contains("\"verified\":true"))
      guard let exchange = reading?.exchange, let source = reading?.source else { continue }
      #expect(exchanges.add(exchange, source))
    }
    var stored = SessionTokens()
    for (index, token) in tokens.enumerated() {
      try withBytes(token) { try stored.add($0, line: index + 1) }
    }
    let learner = SessionLearner(stored, exchanges, rules, trail: isWhole ? trail : nil)
    var rows: [String] = []
    let figures = try learner.finish { row in
      let text = String(decoding: row, as: UTF8.self)
      rows.append(
        text.components(cutBefore: ",\"learned_from\"").replacing("1970-01-01T", with: ""))
    }
    return Learned(rows: rows, figures: figures)
  }

  private static func token(_ id: String, _ begin: Int, _ end: Int) -> String {
    #"{"key_id":"k","token_id":"\#(id)","iat":\#(begin),"exp":\#(end),"claims":{"email":"\#(id)"}}"#
  }

  private static func exchange(_ time: Int, _ ip: String, _ rest: String = "") -> String {
    #"{"do":"exchange","key":"k","timestamp":\#(time),"ip":"\#(ip)"\#(rest)}"#
  }

  /// Rows of sessions: start, end, token and place.
  private static func sessions(_ learned: Learned) -> [String] {
    learned.rows.filter { $0.contains("\"iat\":\"") }
  }

  @Test func writesTheStoreAndARowForEachSession() throws {
    let tokens = [
      #"{ "key_id": "k", "jti": "a", "iat": 1000, "exp": 1300, "claims": {"email": "ann", "jti": "a"} }"#,
      #"{"key_id":"k","token_id":"b","iat":2000,"exp":2300,"claims":{"email":"bob"}}"#,
      #"{"key_id":"other","token_id":"c","iat":2000,"exp":2300,"claims":{"email":"cyd"}}"#,
    ]
    let learned = try Self.learn(
      tokens, [Self.exchange(1100, "203.0.113.7:4711"), Self.exchange(1100, "203.0.113.7:4711")])
    #expect(
      learned.rows == [
        #"{"key_id":"k","jti":"a","iat":1000,"exp":1300,"claims":{"email":"ann","jti":"a"},"exchanged":true}"#,
        #"{"key_id":"k","token_id":"b","iat":2000,"exp":2300,"claims":{"email":"bob"},"#
          + #""session_expires_at":"10:38:20Z"}"#,
        #"{"key_id":"other","token_id":"c","iat":2000,"exp":2300,"claims":{"email":"cyd"}}"#,
        #"{"key_id":"k","iat":"00:18:20Z","session_expires_at":"10:18:20Z","claims":{"email":"ann"},"#
          + #""via":{"key_id":"k","token_id":"a"},"where":{"/ip":"203.0.113.7:4711"},"unverified":true"#,
      ])
    let figures = learned.figures
    #expect([figures.exchanges, figures.ofOne, figures.ofSeveral, figures.ofNone] == [1, 1, 0, 0])
    #expect([figures.tokens, figures.exchangedTokens, figures.rows] == [3, 1, 4])
  }

  /// The tokens that are accounted for, and those that each session can be of.
  private static func outcome(_ learned: Learned) -> String {
    func ids(_ rows: [String]) -> String {
      rows.map { row in
        row.components(cutAfter: "\"token_id\":\"").map { String($0.prefix(1)) } ?? "?"
      }.joined()
    }
    var sessions: [(place: String, ids: String)] = []
    for row in Self.sessions(learned) {
      let place = row.components(cutAfter: "\"/ip\":\"").map { String($0.prefix(1)) } ?? "-"
      if sessions.last?.place == place {
        sessions[sessions.count - 1].ids += ids([row])
      } else {
        sessions.append((place, ids([row])))
      }
    }
    return ids(learned.rows.filter { $0.contains("\"exchanged\":true") })
      + sessions.map { " \($0.place):\($0.ids)" }.joined()
  }

  struct World: Sendable {
    var name: String
    var tokens: [String]
    var events: [String]
    var sessions = "once: true"
    var isWhole = true
    var outcome: String
  }

  private static let two = [token("a", 1000, 1300), token("b", 1200, 1500)]
  /// Events before and behind all tokens, by which a trail may be complete.
  private static let ends = [#"{"timestamp":10}"#, #"{"timestamp":5000}"#]

  static let worlds: [World] = [
    World(name: "nothing found", tokens: two, events: [], outcome: ""),
    World(
      name: "one of one, the other may have been exchanged from anywhere", tokens: two,
      events: [exchange(1100, "1")], outcome: "a 1:a"),
    World(
      name: "one of two: either may have been exchanged once more", tokens: two,
      events: [exchange(1250, "1")], outcome: " 1:ab"),
    World(
      name: "two of two, in either way", tokens: two,
      events: [exchange(1250, "1"), exchange(1260, "2")], outcome: "ab 1:ab 2:ab"),
    World(
      name: "who was it leaves the other one", tokens: two,
      events: [exchange(1100, "1"), exchange(1260, "2")], outcome: "ab 1:a 2:b"),
    World(
      name: "the first and the last moment", tokens: two,
      events: [exchange(1000, "1"), exchange(1499, "2")], outcome: "ab 1:a 2:b"),
    World(
      name: "when no token is valid it is somebody's, and once does not hold", tokens: two,
      events: [exchange(1100, "1"), exchange(1500, "2")], outcome: " 1:a 2:?"),
    World(
      name: "more than there are tokens: once does not hold", tokens: two,
      events: [exchange(1100, "1"), exchange(1110, "2")], outcome: " 1:a 2:a"),
    World(
      name: "outside of what is covered nothing is accounted for", tokens: two,
      events: [exchange(1100, "1"), exchange(1110, "2"), exchange(1499, "3")],
      sessions: "once: true, covers: { since: '1970-01-01T00:20:00Z' }", outcome: "b 1:a 2:a 3:b"),
    World(
      name: "nothing is said", tokens: two, events: ends + [exchange(1100, "1")],
      sessions: "", outcome: " 1:a"),
    World(
      name: "complete: who was not exchanged was not there", tokens: two,
      events: ends + [exchange(1100, "1"), exchange(1110, "2")], sessions: "complete: true",
      outcome: "ab 1:a 2:a"),
    World(
      name: "complete from then on only", tokens: two, events: ends + [exchange(1100, "1")],
      sessions: "complete: true, covers: { since: '1970-01-01T00:20:00Z' }", outcome: "b 1:a"),
    World(
      name: "complete up to the end of the trail only", tokens: two,
      events: [ends[0], exchange(1300, "1")], sessions: "complete: true", outcome: "a 1:b"),
    World(
      name: "complete, but some of it could not be read", tokens: two,
      events: ends + [exchange(1100, "1")], sessions: "complete: true", isWhole: false,
      outcome: " 1:a"),
    World(
      name: "a token that the event names", tokens: two,
      events: [exchange(1250, "1", #","jti":"b""#), exchange(1260, "2")], outcome: "ab 1:b 2:a"),
    World(
      name: "a token that the event names and nobody knows", tokens: two,
      events: [exchange(1250, "1", #","jti":"x""#)], outcome: " 1:x"),
    World(
      name: "a token that is named twice", tokens: two,
      events: [exchange(1250, "1", #","jti":"b""#), exchange(1250, "2", #","jti":"b""#)],
      outcome: " 1:b 2:b"),
    World(
      name: "what is not verified accounts for nothing beside what is", tokens: two,
      events: [exchange(1100, "1"), exchange(1499, "2", #","verified":true"#)],
      outcome: "b 1:a 2:b"),
    World(
      name: "no address", tokens: two, events: [#"{"do":"exchange","key":"k","timestamp":1100}"#],
      outcome: "a -:a"),
    World(
      name: "a key without tokens",
      tokens: [token("a", 1000, 1300).replacing("\"k\"", with: "\"l\"")],
      events: [exchange(1100, "1")], outcome: " 1:?"),
    World(
      name: "too many to say", tokens: (0...100).map { token("\($0)t", 1000, 1300 + $0) },
      events: [exchange(1100, "1")], sessions: "", outcome: " 1:?"),
  ]

  @Test(arguments: worlds) func saysWhichTokensItCanHaveBeen(_ world: World) throws {
    for (tokens, events) in [
      (world.tokens, world.events), (world.tokens.reversed(), world.events.reversed()),
    ] {
      let learned = try Self.learn(
        tokens, events, sessions: world.sessions, isWhole: world.isWhole)
      #expect(String(Self.outcome(learned).sorted(by: <)) == String(world.outcome.sorted(by: <)))
      if events == world.events { #expect(Self.outcome(learned) == world.outcome, "\(world.name)") }
    }
  }

  @Test func ofAnUnknownLengthASessionNeverEnds() throws {
    let learned = try Self.learn(
      [Self.token("a", 1000, 1300)], [Self.exchange(1100, "1", #","until":"soon""#)],
      rule: "session_expires_at: '/until'")
    #expect(learned.rows.last?.contains(#""session_expires_at":"9999-12-31T23:59:59Z""#) == true)
    let other = try Self.learn(
      [Self.token("a", 1000, 1300), Self.token("b", 1000, 1300)],
      [Self.exchange(1100, "1", #","until":2000"#)], rule: "session_expires_at: '/until'")
    #expect(other.rows.last?.contains(#""session_expires_at":"00:33:20Z""#) == true)
    // How long the session of the one that is left may be is not known: the definition has to say it.
    #expect(other.rows[0] == Self.token("a", 1000, 1300))
  }

  @Test(arguments: [
    (#"{"key_id":"k","exchanged":true}"#, "holds sessions already"),
    (#"{"token_id":"a"}"#, "needs a \"key_id\""),
    (#"{"key_id":"k","claims":[1]}"#, "must be an object"),
    (#"{"key_id":"k","exp":"soon"}"#, "\"exp\" is no time"),
    (#"{"key_id":"k","claims":{"iat":0}}"#, "\"iat\" is 0"),
    (#"{"key_id":"k","key_id":"l"}"#, "has the member \"key_id\" twice"),
  ])
  func refusesWhatIsNoTokenThatCanBeExchanged(_ row: String, _ reason: String) throws {
    #expect {
      _ = try Self.learn([row], [])
    } throws: { "\($0)".contains(reason) }
  }

  @Test(arguments: [
    ("token_id: '/t'", "is none of a session"), ("claims: { a: '/a' }", "are those of the token"),
    ("where: ['/ip']", "say how long a session lasts"),
  ])
  func refusesRulesThatOpenNoSession(_ members: String, _ reason: String) throws {
    let session = members.contains("where") ? "" : ", session: '10h'"
    #expect {
      _ = try Self.learn([], [], rule: members + session)
    } throws: { "\($0)".contains(reason) }
    #expect {
      _ = try CredentialRulesTests.rules("{ sessions: {}, rules: [] }")
    } throws: { "\($0)".contains("is for claims learn --sessions STORE") }
  }

  // MARK: Another way to find it out

  /// All ways of giving each exchange a token of its own that is valid then.
  private static func assignments(_ valid: [[Int]], _ taken: Set<Int> = []) -> [[Int]] {
    guard let first = valid.first else { return [[]] }
    return first.filter { !taken.contains($0) }.flatMap { token in
      assignments(Array(valid.dropFirst()), taken.union([token])).map { [token] + $0 }
    }
  }

  @Test func isWhatAllWaysToGiveTokensToExchangesHaveInCommon() throws {
    var random = SeededGenerator(seed: 7)
    var shapes: Set<String> = []
    for _ in 0..<400 {
      let spans = (0..<random.next(below: 6) + 1).map { _ in
        let begin = 1000 + random.next(below: 12)
        return begin..<begin + 1 + random.next(below: 6)
      }
      let times = (0..<random.next(below: 6)).map { _ in 1000 + random.next(below: 16) }.sorted()
      let names = ["a", "b", "c", "d", "e", "f"]
      let tokens = spans.enumerated().map {
        Self.token(names[$0.offset], $0.element.lowerBound, $0.element.upperBound)
      }
      let events = times.enumerated().map { Self.exchange($0.element, names[$0.offset]) }
      let valid = times.map { time in spans.indices.filter { spans[$0].contains(time) } }
      let ways = Self.assignments(valid)
      let all = spans.indices.filter { token in
        !ways.isEmpty && ways.allSatisfy { $0.contains(token) }
      }
      var expected = all.map { names[$0] }.joined()
      for exchange in times.indices {
        let possible =
          ways.isEmpty ? valid[exchange] : Set(ways.map { $0[exchange] }).sorted()
        expected += " \(names[exchange]):"
        // In the order of their times.
        expected += possible.sorted {
          (spans[$0].lowerBound, spans[$0].upperBound, $0)
            < (spans[$1].lowerBound, spans[$1].upperBound, $1)
        }.map { names[$0] }.joined()
        if possible.isEmpty { expected += "?" }
      }
      shapes.insert("\(ways.isEmpty) \(all.count) \(all.count == times.count)")
      #expect(Self.outcome(try Self.learn(tokens, events)) == expected)
    }
    #expect(shapes.count >= 8)
  }
}

extension String {
  /// What stands before `text`; all of it if it does not.
  fileprivate func components(cutBefore text: String) -> String {
    ranges(of: text).first.map { String(self[..<$0.lowerBound]) } ?? self
  }

  /// What stands behind `text`; nil if it does not.
  fileprivate func components(cutAfter text: String) -> Substring? {
    ranges(of: text).first.map { self[$0.upperBound...] }
  }
}
