import Bytes
import Engine
import Testing
import Trail

@Suite struct EventActorTests {
  @Test(arguments: [
    (#"{"actor":"api::01J"}"#, "api", "01J", "01J", ""),
    (#"{"actor":"api::01K56PK::DevopsSpaceKey"}"#, "api", "01K56PK", "01K56PK", "DevopsSpaceKey"),
    (#"{"actor":"github::jane"}"#, "github", "jane", nil, ""),
    (#"{"actor":"jane@example.com"}"#, "", "jane@example.com", nil, ""),
    (#"{"actor":"arn:aws:iam::1:user/x"}"#, "", "arn:aws:iam::1:user/x", nil, ""),
    (#"{"actor":"a::b::c::d"}"#, "a", "b", nil, ""),
    (#"{"actor":"api::"}"#, "api", "", nil, ""),
    (#"{"actor":"apix::01J"}"#, "apix", "01J", nil, ""),
    (#"{"actor":"::01J"}"#, "", "::01J", nil, ""),
    (#"{"actor":"\u0061pi::01J"}"#, "api", "01J", "01J", ""),
    (#"{"actor":"api::01J::name","key":"AK"}"#, "api", "01J", "AK", ""),
    (#"{"actor":"jane","key":""}"#, "", "jane", nil, ""),
    (#"{"key":"AK"}"#, "", "", "AK", ""),
    (#"{"actor":{"x":1}}"#, "", "", nil, ""),
  ]) func takesTheActorApart(
    _ event: String, _ source: String, _ id: String, _ key: String?, _ name: String
  ) throws {
    let dialect = try Dialect.read(try settings(#"{ dialect: { actor: "/actor", key: "/key" } }"#))
    let (batch, bound) = batch(dialect, event)
    let actor = EventActor(bound, batch, 0)
    func text(_ span: Span32) -> String { String(decoding: batch.bytes[span], as: UTF8.self) }
    #expect(text(actor.actor.source) == source)
    #expect(text(actor.actor.id) == id)
    #expect(actor.key.map(text) == key)
    #expect(text(actor.keyName) == name)
  }
}
