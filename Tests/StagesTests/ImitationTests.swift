import Engine
import Stages
import Testing

/// Keys that are called as somebody is.
@Suite struct ImitationTests {
  private let bench = Workbench(tables: [
    "imitating": [
      #"{"id":"01A","name":"jane@example.org"}"#, #"{"id":"01B","name":"GitHub::root "}"#,
      #"{"id":"01C","name":"JANE@EXAMPLE.COM"}"#, #"{"id":"01D","name":"zoe\u0308"}"#,
      #"{"id":"01E","name":"Zo\u00cb \u00a0"}"#, #"{"id":"01F","name":"ci"}"#,
      #"{"id":"01G","name":" "}"#,
      #"{"id":"jane@x"}"#, #"{"id":"01H","name":"s3"}"#, #"{"id":"01I","name":"zo\u00eb"}"#,
    ],
    "shown": [
      #"{"key_id":"01J","token_id":"t1","claims":{"email":"jane@example.com","sub":"s3"}}"#,
      #"{"key_id":"01J","token_id":"t2","claims":{"sub":"Zo\u00eb"}}"#,
      #"{"key_id":"01J","token_id":"t3","claims":{"sub":" \u3000\t","email":""}}"#,
    ],
  ])

  /// What a key is called could pass for somebody: by its form, or because claims would show the same.
  @Test(arguments: [
    ("01A", "jane@example.org", "imitates_actor"),
    ("01B", "GitHub::root", "display_cleaned imitates_actor"),
    ("01C", "JANE@EXAMPLE.COM", "imitates_actor"), ("01D", "zoe\u{308}", "imitates_actor"),
    ("01E", "Zo\u{CB} \u{FFFD}", "display_cleaned"), ("01F", "ci", ""), ("01G", "01G", ""),
    // It is what is shown that counts, not what else a token says.
    ("01H", "s3", ""), ("01I", "zo\u{EB}", "imitates_actor"),
    ("jane@x", "jane@x", "imitates_actor"),
    // Of an id its form alone counts.
    ("zo\u{EB}", "zo\u{EB}", "key_unknown"),
    ("x::y", "x", "key_unknown"), ("no@body", "no@body", "key_unknown imitates_actor"),
  ]) func aKeyThatCouldPassForSomebodyIsFlagged(
    _ key: String, _ shown: String, _ flags: String
  ) throws {
    let batch = try bench.run(
      [Event("{\"actor\":\"api::\(key)\"}")],
      "{ stage: 'resolve_keys', directory: 'imitating' }",
      "{ stage: 'display_actor', claims: 'shown', policies: [{ show: ['email', 'sub'] }] }")
    let display = try #require(try batch.attribution(0, "display_actor"))
    #expect(display.utf8.elementsEqual(shown.utf8))
    let expected = flags.split(separator: " ").map { "\"\($0)\"" }.joined(separator: ",")
    #expect(try batch.attribution(0, "flags") ?? "[]" == "[\(expected)]")
  }
}
