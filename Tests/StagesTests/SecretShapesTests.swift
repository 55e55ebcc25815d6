import Bytes
import Crypto
import JSONText
import Stages
import TestSupport
import Testing
import Trail

/// A shape, and the edges of it. Values are put together here: nothing in this file looks like a secret.
struct SecretCase: Sendable, CustomStringConvertible {
  let kind: SecretKind
  let prefix: String
  /// What the first characters behind the prefix are.
  var lead = ""
  /// Characters behind prefix and lead, at least and at most.
  let lengths: ClosedRange<Int>
  var letters = alphanumeric
  /// Characters that are too few, where fewer than `lengths` says are enough for a secret without a digest.
  var tooShort: Int?
  /// Whether the digest stays of the shortest.
  var hasDigest = true

  static let alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

  var description: String { "\(kind) \(prefix)" }

  /// A made-up secret.
  func secret(_ length: Int, seed: UInt64 = 1) -> String {
    prefix + lead + SecretCase.text(length, of: letters, seed: seed)
  }

  /// What is left of a secret.
  func left(of secret: String) -> String {
    prefix + (hasDigest ? SecretCase.digestMark(secret) : "***")
  }

  static func text(_ length: Int, of letters: String, seed: UInt64) -> String {
    var random = SeededGenerator(seed: seed)
    let letters = Array(letters)
    // With a digit and a capital, as nearly every generated text has.
    return (0..<length).map { $0 == 1 ? "7" : String(random.pick(letters)) }.joined()
  }

  static func digestMark(_ secret: String) -> String {
    let digest = withBytes(secret) { SHA256.digest($0).hex }
    return "***(\(secret.utf8.count), sha256 \(digest.prefix(8)))"
  }

  static let all: [SecretCase] =
    ["ghp", "gho", "ghu", "ghs", "ghr"].map {
      SecretCase(kind: .github, prefix: $0 + "_", lengths: 36...255)
    } + [
      SecretCase(kind: .github, prefix: "github_" + "pat_", lengths: 40...255)
    ]
    + [
      "glpat", "gldt", "glrt", "glrtr", "glcbt", "glft", "glsoat", "glimt", "glagent", "glffct",
      "gloas", "glwt",
    ].map {
      SecretCase(kind: .gitlab, prefix: $0 + "-", lengths: 20...400, hasDigest: false)
    } + [
      SecretCase(kind: .gitlab, prefix: "glptt-", lengths: 40...64, letters: "0123456789abcdef"),
      SecretCase(kind: .gitlab, prefix: "GR13" + "48941", lengths: 20...64, hasDigest: false),
    ]
    + ["xoxb", "xoxp", "xoxa", "xoxr", "xoxs", "xoxo", "xoxc", "xoxe", "xapp", "xwfp"].map {
      SecretCase(
        kind: .slack, prefix: $0 + "-", lead: "12345678901-", lengths: 24...388, tooShort: 11)
    } + [
      SecretCase(kind: .slack, prefix: "xoxd-", lengths: 40...1024),
      SecretCase(
        kind: .slack, prefix: "hooks.slack.com" + "/services/", lead: "T0/B0/", lengths: 24...122),
      SecretCase(kind: .aws, prefix: "AB" + "SK", lengths: 100...200),
      SecretCase(kind: .google, prefix: "AI" + "za", lengths: 35...64),
      SecretCase(kind: .google, prefix: "ya" + "29.", lengths: 30...2048),
      SecretCase(kind: .google, prefix: "GOC" + "SPX-", lengths: 28...64),
      SecretCase(kind: .google, prefix: "1//" + "0", lengths: 40...512),
      SecretCase(kind: .npm, prefix: "npm" + "_", lengths: 36...64),
      SecretCase(kind: .pypi, prefix: "pypi-" + "AgE", lengths: 50...2048),
    ]
    + ["hvs", "hvb", "hvr"].map {
      SecretCase(kind: .vault, prefix: $0 + ".", lengths: 24...4096)
    }
    + ["sk_live", "rk_live", "sk_test", "rk_test"].map {
      SecretCase(kind: .stripe, prefix: $0 + "_", lengths: 22...255, tooShort: 15)
    } + [SecretCase(kind: .stripe, prefix: "whsec" + "_", lengths: 32...128)]
    + ["ant-api03-", "ant-admin01-", "ant-", "proj-", "svcacct-", "admin-", "or-v1-", ""].map {
      SecretCase(kind: .openai, prefix: "sk-" + $0, lengths: 32...512, tooShort: 31 - $0.utf8.count)
    }
}

@Suite struct SecretShapesTests {
  @Test(arguments: SecretCase.all) func findsTheShortestAndTheLongest(_ shape: SecretCase) throws {
    let shortest = shape.secret(shape.lengths.lowerBound)
    #expect(try Strip.value(shortest) == shape.left(of: shortest))
    let longest = shape.secret(shape.lengths.upperBound)
    #expect(try Strip.value(longest) == shape.prefix + SecretCase.digestMark(longest))
    // Where it stands, and what is behind it.
    for (before, after) in [
      (" ", " "), ("x-", "."), ("key=", "&x=1"), (#"\n"#, #"\n"#), (#"{\"k\":\""#, #"\"}"#),
      ("_", "!"), (#"\u000a"#, ""), ("%3D", "%20"), (#"\\"#, #"\\"#),
    ] {
      let value = try Strip.value(before + shortest + after)
      #expect(value == before + shape.left(of: shortest) + after, "\(before)")
    }
  }

  @Test(arguments: SecretCase.all) func leavesAloneWhatIsNone(_ shape: SecretCase) throws {
    let (shortest, longest) = (shape.lengths.lowerBound, shape.lengths.upperBound)
    let secret = shape.secret(shortest)
    let words = shape.kind == .openai ? "your-token" : "your-token-goes-here"
    for text in [
      // Too short; in a word; a letter of the prefix in the other case; words.
      shape.secret(shape.tooShort ?? shortest - 1),
      "a" + secret, "7" + secret,
      secret.replacing(shape.prefix, with: shape.prefix.uppercased() + "!"),
      shape.prefix, shape.prefix + "***", shape.prefix + words,
      shape.secret(longest + 1),
    ] {
      #expect(try Strip.value(text) == text, "\(text)")
    }
  }

  @Test(arguments: SecretCase.all) func canBeSwitchedOff(_ shape: SecretCase) throws {
    let secret = shape.secret(shape.lengths.lowerBound)
    let name = shape.kind.rawValue
    #expect(try Strip.value(secret, "{ stage: 'strip_tokens', except: ['\(name)'] }") == secret)
    #expect(
      try Strip.value(secret, "{ stage: 'strip_tokens', only: ['\(name)'] }")
        == shape.left(of: secret))
    let other = SecretKind.allCases.first { $0 != shape.kind }?.rawValue ?? ""
    #expect(try Strip.value(secret, "{ stage: 'strip_tokens', only: '\(other)' }") == secret)
  }

  /// Any character of prefix or secret may be an escape, of JSON, of JSON in a string, or of a URL.
  @Test(arguments: SecretCase.all) func findsEscapedLetters(_ shape: SecretCase) throws {
    let secret = shape.secret(shape.lengths.lowerBound)
    let mark = shape.left(of: secret).dropFirst(shape.prefix.utf8.count)
    var random = SeededGenerator(seed: 2)
    for escape in [#"\u00"#, #"\\u00"#, "%", "%25"] {
      for _ in 0..<4 {
        var letters = Array(secret.utf8).map { String(Unicode.Scalar($0)) }
        let place = random.next(below: letters.count)
        guard letters[place].utf8.first.map({ $0 != UInt8(ascii: "/") }) ?? false else { continue }
        letters[place] = escape + Hex.string(Array(letters[place].utf8))
        let left = letters.prefix(shape.prefix.utf8.count).joined() + mark
        #expect(try Strip.value(letters.joined()) == left)
      }
    }
  }

  @Test(arguments: SecretCase.all) func findsNames(_ shape: SecretCase) throws {
    let secret = shape.secret(shape.lengths.lowerBound)
    let left = shape.left(of: secret)
    let pointer = left.replacing("~", with: "~0").replacing("/", with: "~1")
    #expect(
      try Workbench().result(#"{"a":{"\#(secret)":1}}"#, Strip.stage)
        == #"{"a":{"\#(left)":1},"altered":["/a/\#(pointer)"]}"#)
  }

  /// Each kind has its test: here, or in `SecretPlacesTests`.
  @Test func everyKindIsTested() {
    let others: Set<SecretKind> = [
      .jwt, .jwtBase64, .jwsJSON, .paseto, .basicAuth, .urlPassword, .privateKey,
    ]
    #expect(Set(SecretCase.all.map(\.kind)).union(others) == Set(SecretKind.allCases))
  }

  @Test(arguments: [
    ("except: ['slak']", "names a shape that nobody knows, \"slak\": did you mean \"slack\"?"),
    ("only: ['jwts']", "names a shape that nobody knows, \"jwts\": did you mean \"jwt\"?"),
    ("only: ['zzzzzzzz']", "there are jwt, jwt_base64, jws_json, paseto, github"),
    ("only: []", "\"only\" leaves nothing to look for"),
    ("only: 'jwt', except: 'aws'", "\"except\" says nothing where \"only\" lists what is wanted"),
    ("excpt: 'aws'", "did you mean \"except\"?"),
  ]) func refusesWhatItDoesNotKnow(_ settings: String, _ message: String) {
    let error = Workbench().error("{ stage: 'strip_tokens', \(settings) }")
    #expect(error.contains(message), "\(error)")
  }
}

/// The stage over one value.
enum Strip {
  static let stage = "{ stage: 'strip_tokens' }"

  /// What is left of the content of a JSON string.
  static func value(_ content: String, _ stage: String = Strip.stage) throws -> String {
    let event = #"{"v":"\#(content)"}"#
    let outcome = try Workbench().result(event, stage)
    guard outcome != event else { return content }
    let ends = (#"{"v":""#, #"","altered":["/v"]}"#)
    #expect(outcome.hasPrefix(ends.0) && outcome.hasSuffix(ends.1), "\(outcome)")
    // What is left is left alone.
    let left = String(outcome.dropFirst(ends.0.count).dropLast(ends.1.count))
    let again = #"{"v":"\#(left)"}"#
    #expect(try Workbench().result(again, stage) == again)
    return left
  }
}
