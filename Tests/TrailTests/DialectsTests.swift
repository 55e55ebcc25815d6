import Bytes
import Engine
import Foundation
import JSONText
import Settings
import TestSupport
import Testing
import Trail

/// A batch of one event, located by a dialect.
func batch(_ dialect: Dialect, _ event: String) -> (Batch, BoundDialect) {
  var table = PointerTable()
  let bound = dialect.bind(&table)
  return (batch(of: event, table), bound)
}

/// A batch of one event, scanned for the pointers of a table.
func batch(of event: String, _ table: PointerTable) -> Batch {
  let batch = Batch(pointers: PointerSet(table.pointers), slotCount: Added.slotCount)
  batch.bytes.append(utf8: event)
  batch.append(Record(raw: Span32(0, count: batch.bytes.count)))
  let scan = batch.scan(0, from: 0, end: batch.bytes.count)
  #expect(scan.fault == .none)
  batch.records[0].body = Span32(scan.start, count: scan.end - scan.start - 1)
  return batch
}

func settings(_ text: String) throws -> Settings {
  var text = text
  let value = try text.withUTF8 { try JSON5.parse($0, file: "test.json5") }
  return try Settings(value, what: "test")
}

@Suite struct DialectsTests {
  /// Events of every shape that a vendor has lie in `fixtures/dialects`, and beside each what every
  /// role has to read in it.
  static let folder = Repository.file("fixtures/dialects")

  static func lines(_ file: String) throws -> [String] {
    let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
    return text.split(separator: "\n").map(String.init)
  }

  static func golden(_ dialect: String) throws -> [(event: String, expected: [String: Any])] {
    let expected = try lines("\(dialect).expected.ndjson").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    let events = try lines("\(dialect).ndjson")
    #expect(events.count == expected.count)
    return Array(zip(events, expected))
  }

  @Test(arguments: Dialect.builtIn.keys.sorted())
  func everyRoleReadsWhatTheGoldenCasesSay(_ name: String) throws {
    for (event, expected) in try Self.golden(name) {
      let shape = try #require(expected["shape"] as? String)
      let (batch, bound) = batch(try Dialect.named(name), event)
      for role in Role.allCases {
        // A role that nobody thought of is none that has nothing to say.
        let wanted = try #require(expected[role.rawValue], "\(name), \(shape): \(role)")
        switch role {
        case .time:
          let time = try (wanted as? String).map { try #require(microseconds($0)) }
          #expect(bound.time(batch, 0)?.microseconds == time, "\(name), \(shape): time")
        case .claims:
          let found = try bound.claims(batch, 0).map {
            let text = Data(batch.bytes[$0])
            return try #require(try JSONSerialization.jsonObject(with: text) as? NSDictionary)
          }
          #expect(found == wanted as? NSDictionary, "\(name), \(shape): claims")
        default:
          let found = bound.scalar(role, batch, 0).map {
            String(decoding: batch.bytes[$0], as: UTF8.self)
          }
          #expect(found == wanted as? String, "\(name), \(shape): \(role)")
        }
      }
    }
  }

  private func microseconds(_ text: String) -> Int64? {
    var text = text
    return text.withUTF8 { Timestamp(rfc3339: $0)?.microseconds }
  }

  /// What no golden case reaches is a guess that nobody has seen come true.
  @Test(arguments: Dialect.builtIn.keys.sorted())
  func everyPointerIsReachedByAGoldenCase(_ name: String) throws {
    let dialect = try Dialect.named(name)
    for (role, pointers) in dialect.pointers {
      for pointer in pointers {
        let alone = Dialect(name: "alone", pointers: [role: [pointer]])
        let isReached = try Self.lines("\(name).ndjson").contains {
          let (batch, bound) = batch(alone, $0)
          return bound.field(role, batch, 0) != nil
        }
        #expect(isReached, "\(name): \(role) \(pointer)")
      }
    }
  }

  /// An archive of an earlier version has fewer places of a vendor's, and is of the same dialect.
  @Test func aBuiltInOneMayGrow() throws {
    let now = try Dialect.named("coder")
    var earlier = now
    earlier.pointers[.claims] = nil
    earlier.pointers[.actor] = [JSONPointer(literal: "/user/username")]
    #expect(now.follows(earlier))
    earlier.pointers[.time] = [JSONPointer(literal: "/time")]
    #expect(!now.follows(earlier))
    var other = try Dialect.named("github")
    other.pointers[.time] = now.pointers[.time]
    #expect(!now.follows(other))
    let text = #"{ dialect: { extends: "coder", actor: "/who", region: null } }"#
    let extended = try Dialect.read(try settings(text))
    #expect(
      extended.follows(Dialect(name: "x", pointers: extended.pointers.filter { !$0.value.isEmpty }))
    )
    #expect(!extended.follows(now))
  }

  struct Case: Sendable {
    var dialect: String
    var event: String
    var role: Role
    var expected: String?
  }

  @Test(arguments: [
    Case(
      dialect: "spacelift", event: #"{"context":{"token_id":"t-2","jti":"t-3"}}"#, role: .token,
      expected: "t-2"),
    // JSON inside of a string, however it is escaped, or what is none.
    Case(
      dialect: "coder",
      event: #"{"additional_fields":"{\"request_api_key\":{\"id\":\"k\\u0031\"}}"}"#,
      role: .key, expected: "k1"),
    Case(
      dialect: "coder",
      event: #"{"additional_fields":"{\u0022request_api_key\u0022:{\"id\":17}}"}"#,
      role: .key, expected: "17"),
    Case(
      dialect: "coder", event: #"{"additional_fields":"{\"request_api_key\":{\"id\":"}"#,
      role: .key,
      expected: nil),
    Case(
      dialect: "coder", event: #"{"additional_fields":"{\"request_api_key\":{\"id\":\"\"}}"}"#,
      role: .key, expected: nil),
    Case(
      dialect: "coder",
      event: #"{"additional_fields":"request_api_key","fields":{"AdditionalFields":{}}}"#,
      role: .key, expected: nil),
    Case(
      dialect: "spacelift", event: #"{"actor":{"username":{"a":1}}}"#, role: .actor, expected: nil),
    Case(
      dialect: "github", event: #"{"org":["acme","globex"],"business":"b"}"#, role: .account,
      expected: nil),
    // What is empty does not hide the next place; an empty list does.
    Case(
      dialect: "github", event: #"{"org":"","organizationName":{ },"business":"b"}"#,
      role: .account,
      expected: "b"),
    Case(dialect: "github", event: #"{"org":"","business":{}}"#, role: .account, expected: nil),
    Case(
      dialect: "github", event: #"{"org":{"a":1},"business":"b"}"#, role: .account, expected: nil),
    Case(dialect: "github", event: #"{"org":[],"business":"b"}"#, role: .account, expected: nil),
    Case(
      dialect: "spacelift", event: #"{"actor":{"username":""},"run":{"triggeredBy":"jane"}}"#,
      role: .actor, expected: nil),
    Case(
      dialect: "spacelift", event: #"{"actor":{},"run":{"triggeredBy":"jane"}}"#, role: .actor,
      expected: "jane"),
    Case(
      dialect: "github", event: #"{"actor":null,"user":"victim"}"#, role: .actor, expected: nil),
    Case(
      dialect: "github", event: #"{"hashed_token":null,"token_id":18446744073709551616}"#,
      role: .key, expected: "18446744073709551616"),
    Case(
      dialect: "cloudtrail", event: #"{"resources":{"0":{"ARN":"x"}},"userIdentity":[1]}"#,
      role: .resource, expected: "x"),
    Case(
      dialect: "coder", event: #"{"additional_fields":"{\"request_api_key\":1}"}"#, role: .key,
      expected: nil),
  ]) func whatIsNoneOfTheShapesIsReadAsFarAsItGoes(_ example: Case) throws {
    let (batch, bound) = batch(try Dialect.named(example.dialect), example.event)
    let found = bound.scalar(example.role, batch, 0).map {
      String(decoding: batch.bytes[$0], as: UTF8.self)
    }
    #expect(found == example.expected, "\(example.dialect): \(example.role)")
  }
}
