import Bytes
import Engine
import JSONText
import Stages
import TestSupport
import Testing
import Trail

/// Names before secrets, secrets in names, and secrets that other stages bring.
@Suite struct SecretNamesTests {
  private static let key = SecretCase.text(38, of: SecretCase.alphanumeric, seed: 9) + "/+"
  private static let secret =
    "ghp" + "_" + SecretCase.text(36, of: SecretCase.alphanumeric, seed: 4)
  private static let masked = "ghp" + "_" + SecretCase.digestMark(secret)

  @Test(arguments: [
    "SecretAccessKey: KEY!", "secret-access-key=KEY!", "SECRETACCESSKEY=KEY!",
    "aws_secret_key = KEY!",
    "AWS_SECRET_KEY=KEY!", "awsSecretKey: KEY!", "aws.secretKey=KEY!", "aws-secret-key KEY!",
    "AWS_SECRET_ACCESS_KEY_PROD=KEY!", "aws_secret_access_key2: 'KEY!'",
    #"- name: AWS_SECRET_ACCESS_KEY\n  value: KEY!"#, #"<SecretAccessKey xmlns=\"x\">KEY!<"#,
    #"[\"--secret-access-key\", \"KEY!\"]"#, #"{\"SecretAccessKey\":{\"S\":\"KEY!\"}}"#,
    #"variable \"aws_secret_access_key\" {\n  default = \"KEY!\"\n}"#,
    #"'aws_secret_access_key' => 'KEY!'"#,
  ]) func namesOfAWS(_ text: String) throws {
    for begin in ["", "s/", "+"] {
      let key = begin + SecretNamesTests.key.dropFirst(begin.utf8.count)
      #expect(
        try Strip.value(text.replacing("KEY!", with: key))
          == text.replacing("KEY!", with: SecretCase.digestMark(key)))
    }
  }

  @Test func namesOfAWSAsMembers() throws {
    for (before, pointer) in [
      (#"{"name":"AWS_SECRET_ACCESS_KEY","value":""#, "/value"),
      (#"{"m":[1,"--secret-access-key",""#, "/m/2"),
      (#"{"SecretAccessKey":{"S":""#, "/SecretAccessKey/S"),
    ] {
      let close =
        before.hasPrefix(#"{"m"#) ? #""]}"# : before.hasSuffix(#"{"S":""#) ? #""}}"# : #""}"#
      let outcome = try Workbench().result(before + SecretNamesTests.key + close, Strip.stage)
      #expect(
        outcome.hasPrefix(before + SecretCase.digestMark(SecretNamesTests.key) + close.dropLast()))
      #expect(outcome.hasSuffix(#","altered":["\#(pointer)"]}"#))
    }
  }

  /// Names of other things, and values that are no such key.
  @Test(arguments: [
    "secret_key = KEY!", "secretKey: KEY!", "SecretAccessKey KEY!x", "laws_secret_keys KEY!",
    "SecretAccessKey is what comes before KEY!",
    "aws_secret_key_id_and_what_there_is_of_all_of_it=KEY!",
    #"SecretAccessKey\nvalue value KEY!"#,
  ]) func namesOfOthers(_ text: String) throws {
    let filled = text.replacing("KEY!", with: SecretNamesTests.key)
    #expect(try Strip.value(filled) == filled)
  }

  // MARK: Names of members

  @Test(arguments: [
    (
      #"{"https://bot:one@h/":1,"https://bot:two@h/":2}"#,
      #"{"https://bot:***(1)@h/":1,"https://bot:***(2)@h/":2"#
    ),
    (
      #"{"https://bot:one@h/":1,"b":{"https://bot:two@h/":2}}"#,
      #"{"https://bot:***@h/":1,"b":{"https://bot:***@h/":2}"#
    ),
    (
      #"{"https://bot:***(1)@h/":0,"https://bot:one@h/":1,"https://bot:two@h/":"Basic YTpi"}"#,
      #"{"https://bot:***(1)@h/":0,"https://bot:***(1000000)@h/":1,"https://bot:***(1000001)@h/":"Basic ***""#
    ),
    (
      #"{"a":{"HEAD.e30.c2ln" : 1,"HEAD.e30.c2lo":2}}"#,
      #"{"a":{"HEAD.e30.***(1)" : 1,"HEAD.e30.***(2)":2}"#
    ),
  ]) func namesStayDifferent(_ event: String, _ left: String) throws {
    func fill(_ text: String) -> String { text.replacing("HEAD", with: "eyJhbGciOiJIUzI1NiJ9") }
    let outcome = try Workbench().result(fill(event), Strip.stage)
    #expect(outcome.hasPrefix(fill(left) + #","altered":["#), "\(outcome)")
    let again = outcome.replacing(#/,"altered":.*/#, with: "}")
    #expect(try Workbench().result(again, Strip.stage) == again)
  }

  // MARK: What other stages bring

  @Test(arguments: ["id", "full"]) func whatStagesBeforeHaveAdded(_ detail: String) throws {
    let secret = SecretNamesTests.secret
    var bench = Workbench()
    bench.tables = [
      "keys": [#"{"id":"K1","name":"n \#(secret)","owner":"https://u:pw@h"}"#],
      "claims": [#"{"key_id":"K1","token_id":"t","claims":{"email":"\#(secret)@x"}}"#],
    ]
    let stages = [
      "{ stage: 'resolve_keys', directory: 'keys', detail: '\(detail)' }",
      "{ stage: 'display_actor', claims: 'claims', policies: [{ show: ['email'] }], retain: ['email'] }",
      Strip.stage,
    ]
    let made = try bench.make(list: stages)
    let batch = try bench.run(
      [
        Event(#"{"actor":"api::\#(secret)","timestamp":1}"#),
        Event(#"{"actor":"api::K1","context":{"tokenId":"t"},"timestamp":1}"#),
        Event(#"{"actor":"api::K1","timestamp":1}"#),
        Event(#"{"actor":"\#(secret)","timestamp":1}"#),
      ], on: made)
    for index in 0..<4 {
      let outcome = batch.outcome(index)
      #expect(!outcome.contains(secret) && !outcome.contains("u:pw@"), "\(outcome)")
      #expect(outcome.contains(SecretNamesTests.masked))
    }
    #expect(try batch.attribution(0, "display_actor") == SecretNamesTests.masked)
    // The names that the summary counts.
    let names = batch.notes.elements.map { String(decoding: batch.bytes[$0.name], as: UTF8.self) }
    #expect(names.filter { !$0.isEmpty } == [SecretNamesTests.masked])
    // Between the two: what the later one shows is what is left.
    let between = try bench.run(
      [Event(#"{"actor":"api::K1","timestamp":1}"#)],
      on: try bench.make(stages[0], Strip.stage, stages[1])
    ).outcome(0)
    #expect(!between.contains(secret), "\(between)")
  }
}
