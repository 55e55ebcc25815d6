import Foundation
import Stages
import Testing
import Trail

@Suite struct AdditionalFieldsTests {
  private let bench = Workbench(
    tables: [
      "keys": [
        #"{"id":"k","token_name":"robot","user_id":"u","scopes":["a:read"],"allow_list":["workspace:*"]}"#,
        #"{"id":"s","token_name":"other"}"#,
      ]
    ], dialect: "\"coder\"")
  private static let stage = "{ stage: 'resolve_keys', directory: 'keys', detail: 'id' }"
  private static let robot =
    #""token_name":"robot","scopes":["a:read"],"allow_list":["workspace:*"]"#

  /// The event without `attribution` and with KEY for what is known of the key.
  private func fields(_ event: String) throws -> String {
    var outcome = try bench.result(event, AdditionalFieldsTests.stage)
    if let start = outcome.range(of: ",\"attribution\":")?.lowerBound {
      let end =
        outcome.range(of: ",\"altered\":")?.lowerBound ?? outcome.index(before: outcome.endIndex)
      outcome.removeSubrange(start..<end)
    }
    return outcome.replacing(AdditionalFieldsTests.robot, with: "KEY")
  }

  @Test(arguments: [
    // Members that are missing are added to what Coder wrote; what is there stays.
    (
      #"{"additional_fields":{"a":1,"request_api_key":{"id":"k"}},"x":1.0}"#,
      #"{"additional_fields":{"a":1,"request_api_key":{"id":"k",KEY}},"x":1.0,"altered":["/additional_fields/request_api_key/token_name","/additional_fields/request_api_key/scopes","/additional_fields/request_api_key/allow_list"]}"#
    ),
    (
      #"{"additional_fields":{"request_api_key":{"id":"k","token_name":"mine","scopes":null,"allow_list":[]}}}"#,
      #"{"additional_fields":{"request_api_key":{"id":"k","token_name":"mine","scopes":null,"allow_list":[]}}}"#
    ),
    // A key that is the subject.
    (
      #"{"resource_type":"api_key","diff":{"id":{"old":"","new":"s"}},"additional_fields":{}}"#,
      #"{"resource_type":"api_key","diff":{"id":{"old":"","new":"s"}},"additional_fields":{"api_key":{"id":"s","token_name":"other"}},"altered":["/additional_fields/api_key"]}"#
    ),
    (
      #"{"resource_type":"api_key","diff":{"id":{"old":"s"}}}"#,
      #"{"resource_type":"api_key","diff":{"id":{"old":"s"}},"additional_fields":{"api_key":{"id":"s","token_name":"other"}},"altered":["/additional_fields/api_key"]}"#
    ),
    (
      #"{"resource_type":"api_key","diff":{"id":{"old":"s"}},"additional_fields":null}"#,
      #"{"resource_type":"api_key","diff":{"id":{"old":"s"}},"additional_fields":{"api_key":{"id":"s","token_name":"other"}},"altered":["/additional_fields/api_key"]}"#
    ),
    (
      #"{"resource_type":"api_key","diff":{"id":{"old":"s"}},"additional_fields":{ "request_api_key" : {"id":"k"} , "z":[] }}"#,
      #"{"resource_type":"api_key","diff":{"id":{"old":"s"}},"additional_fields":{ "request_api_key" : {"id":"k",KEY} , "z":[] ,"api_key":{"id":"s","token_name":"other"}},"altered":["/additional_fields/request_api_key/token_name","/additional_fields/request_api_key/scopes","/additional_fields/request_api_key/allow_list","/additional_fields/api_key"]}"#
    ),
    // The key that was used, too; the rest of the string stays as it was escaped.
    (
      #"{"fields":{"AdditionalFields":"{\"request_api_key\":{\"id\":\"k\"}}"}}"#,
      #"{"fields":{"AdditionalFields":"{\"request_api_key\":{\"id\":\"k\",\"token_name\":\"robot\",\"scopes\":[\"a:read\"],\"allow_list\":[\"workspace:*\"]}}"},"altered":["/fields/AdditionalFields/request_api_key/token_name","/fields/AdditionalFields/request_api_key/scopes","/fields/AdditionalFields/request_api_key/allow_list"]}"#
    ),
    (
      #"{"fields":{"AdditionalFields":"{\u0022a\":\"\\u003c\u003c\ud83e\udd80\u00e9\u20ac\/\",\"request_api_key\" :\n{\"id\":\"\u006b\"} }"}}"#,
      #"{"fields":{"AdditionalFields":"{\u0022a\":\"\\u003c\u003c\ud83e\udd80\u00e9\u20ac\/\",\"request_api_key\" :\n{\"id\":\"\u006b\",\"token_name\":\"robot\",\"scopes\":[\"a:read\"],\"allow_list\":[\"workspace:*\"]} }"},"altered":["/fields/AdditionalFields/request_api_key/token_name","/fields/AdditionalFields/request_api_key/scopes","/fields/AdditionalFields/request_api_key/allow_list"]}"#
    ),
    // A key that is the subject is found in the string, too.
    (
      #"{"fields":{"ResourceType":"api_key","AdditionalFields":"{\"x\":\"\u0041\",\"api_key\":{\"id\":\"s\"}}"}}"#,
      #"{"fields":{"ResourceType":"api_key","AdditionalFields":"{\"x\":\"\u0041\",\"api_key\":{\"id\":\"s\",\"token_name\":\"other\"}}"},"altered":["/fields/AdditionalFields/api_key/token_name"]}"#
    ),
    // An object of the API may have its fields in a string, too.
    (
      #"{"additional_fields":"{\"api_key\":{\"id\":\"s\"}}","resource_type":"api_key"}"#,
      #"{"additional_fields":"{\"api_key\":{\"id\":\"s\",\"token_name\":\"other\"}}","resource_type":"api_key","altered":["/additional_fields/api_key/token_name"]}"#
    ),
    // The service log has JSON inside of a string.
    (
      #"{"fields":{"ResourceType":"api_key","Diff":{"id":{"new":"s"}},"AdditionalFields":"{}"}}"#,
      #"{"fields":{"ResourceType":"api_key","Diff":{"id":{"new":"s"}},"AdditionalFields":"{\"api_key\":{\"id\":\"s\",\"token_name\":\"other\"}}"},"altered":["/fields/AdditionalFields/api_key"]}"#
    ),
    (
      #"{"fields":{"ResourceType":"api_key","Diff":{"id":{"new":"s"}}}}"#,
      #"{"fields":{"ResourceType":"api_key","Diff":{"id":{"new":"s"}},"AdditionalFields":"{\"api_key\":{\"id\":\"s\",\"token_name\":\"other\"}}"},"altered":["/fields/AdditionalFields/api_key"]}"#
    ),
    (
      #"{"fields":{"ResourceType":"api_key","Diff":{"id":{"new":"s"}},"AdditionalFields":"null"}}"#,
      #"{"fields":{"ResourceType":"api_key","Diff":{"id":{"new":"s"}},"AdditionalFields":"{\"api_key\":{\"id\":\"s\",\"token_name\":\"other\"}}"},"altered":["/fields/AdditionalFields/api_key"]}"#
    ),
    // The name of a key is chosen by its owner, and says nothing of which key it is.
    (
      #"{"resource_type":"api_key","resource_target":"s"}"#,
      #"{"resource_type":"api_key","resource_target":"s"}"#
    ),
    // What Coder says of one key is not completed with what is known of another.
    (
      #"{"resource_type":"api_key","diff":{"id":{"new":"s"}},"additional_fields":{"api_key":{"id":"?"}}}"#,
      #"{"resource_type":"api_key","diff":{"id":{"new":"s"}},"additional_fields":{"api_key":{"id":"?"}}}"#
    ),
    // Nothing is known, or nothing was asked.
    (
      #"{"additional_fields":{"request_api_key":{"id":"?"}}}"#,
      #"{"additional_fields":{"request_api_key":{"id":"?"}}}"#
    ),
    (
      #"{"resource_type":"workspace","diff":{"id":{"old":"s"}}}"#,
      #"{"resource_type":"workspace","diff":{"id":{"old":"s"}}}"#
    ),
  ]) func addsWhatIsKnown(_ event: String, _ expected: String) throws {
    #expect(try fields(event) == expected)
  }

  @Test(arguments: [#""{not parsed""#, "[1]", "7", #""[]""#, #""{\"a\":\ud800}""#, "true"])
  func keepsWhatItCannotRead(_ value: String) throws {
    let event =
      #"{"resource_type":"api_key","diff":{"id":{"old":"s"}},"additional_fields":\#(value)}"#
    #expect(try fields(event) == event)
    let batch = try bench.run([Event(event)], AdditionalFieldsTests.stage)
    #expect(batch.outcome(0).hasSuffix(#""flags":["additional_fields_unparsed"]}}"#))
  }

  @Test func isIdempotent() throws {
    let event =
      #"{"resource_type":"api_key","diff":{"id":{"old":"s"}},"additional_fields":{"request_api_key":{"id":"k"}}}"#
    let once = try fields(event)
    var again = Event(
      String(once[..<(once.range(of: ",\"altered\":")?.lowerBound ?? once.endIndex)] + "}"))
    again.text = again.text.replacing("KEY", with: AdditionalFieldsTests.robot)
    again.altered = "[\"/kept\"]"
    let batch = try bench.run([again], AdditionalFieldsTests.stage)
    #expect(batch.outcome(0).hasPrefix(again.text.dropLast()))
    #expect(batch.outcome(0).hasSuffix(#","altered":["/kept"]}"#))
  }

  @Test func canBeLeftOut() throws {
    let event = #"{"additional_fields":{"request_api_key":{"id":"k"}}}"#
    let outcome = try bench.result(
      event, "{ stage: 'resolve_keys', directory: 'keys', additional_fields: false }")
    #expect(outcome.hasPrefix(event.dropLast()))
    var other = bench
    other.dialect = "{ extends: 'spacelift', key: '/additional_fields/request_api_key/id' }"
    #expect(try other.result(event, AdditionalFieldsTests.stage).hasPrefix(event.dropLast()))
  }
}
