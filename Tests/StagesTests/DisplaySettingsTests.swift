import Stages
import Testing

@Suite struct DisplaySettingsTests {
  private let bench = Workbench(tables: [
    "keys": [#"{"id":"01J","name":"ci"}"#], "bare": [#"{"key_id":"01J","Claims":{}}"#],
  ])

  @Test(arguments: [
    ("accept: ['sol']", "did you mean \"sole\"?"), ("policies: [{ show: [7] }]", "takes names"),
    ("policies: [{ show: [{ claim: 'a', show: '{b}' }] }]", "needs \"pattern\""),
    ("policies: [{ show: [{ claim: 'a', pattern: 'b', show: 'c' }] }]", "max_parts"),
    ("policies: [{ show: [{ claim: 'a', pattern: '{b}', show: 'c', x: 1 }] }]", "unknown key"),
    ("retain: [{ name: 'a', as: 'hmac' }]", "needs \"secret\""),
    ("retain: [{ name: 'a', as: 'md5', secret: { env: 'S' } }]", "one of \"hmac\""),
    ("retain: [{ name: 'a', as: 'hmac', secret: { env: 'S' } }]", "names S, which is not set"),
    ("retain: [{ name: 'a', as: 'hush4711', secret: { env: 'S' } }]", "found a string"),
    (
      "claims: 'bare', policies: [{ show: 'a' }]",
      "bare: no row has \"claims\" (the first has \"key_id\""
    ),
    ("policies: [{ show: [{ pointer: 'a' }] }]", "must start with \"/\""),
    ("policies: [{ show: [{ pointer: '' }] }]", "a candidate to show is empty"),
    ("policies: [{ show: '{pointer:a}' }]", "must start with \"/\""),
    ("policies: [{ show: [{ pointer: '/a', claim: 'b' }] }]", "give one of the two"),
    ("policies: [{ show: [{ pointer: '/a', pattern: '{b}' }] }]", "needs \"show\""),
    ("policies: [{ issuer: 'https://*/x', show: 'a' }]", "cannot be used for issuers"),
    ("trusted_issuers: ['https://a', '*']", "cannot be used for issuers"),
    ("trusted_issuers: [7]", "takes issuers and objects"),
    ("trusted_issuers: [{}]", "needs \"issuer\""),
    ("trusted_issuers: [{ issuer: 'https://a*' }]", "cannot be used for issuers"),
    ("trusted_issuers: [{ issuer: 'i', requires: {} }]", "did you mean \"require\"?"),
    ("policies: [{ require: 'x', show: 'a' }]", "must be an object"),
    ("policies: [{ require: { a: {} }, show: 'a' }]", "found an object"),
    ("policies: [{ require: { a: [null] }, show: 'a' }]", "found null"),
    ("policies: [{ require: { a: Infinity }, show: 'a' }]", "no claim has such a number"),
    ("policies: [{ require: [{ claim: 'a' }], show: 'a' }]", "needs \"is\""),
    ("policies: [{ require: [{ is: 1 }], show: 'a' }]", "needs \"claim\""),
    ("policies: [{ require: [{ pointer: 'a', is: 1 }], show: 'a' }]", "must start with"),
    ("retain: [{ pointer: 'a' }]", "must start with \"/\""),
    ("retain: [{ pointer: '/a', name: 'b' }]", "give one of the two"),
    ("retain: [{ name: 'a', secret: { env: 'S' } }]", "needs \"as\""),
    ("retain: ['a', { name: 'b', to: 'a' }]", "two claims would be kept as \"a\""),
    ("retain: [{ name: 'a', to: 'x' }, { pointer: '/b', to: 'x' }]", "something else with \"to\""),
    ("retain: ['/a', { pointer: '/a' }]", "two claims would be kept as"),
    ("retain: [{ name: 'a', to: '' }]", "is empty"), ("retain: [{ to: 'a' }]", "needs \"name\""),
    ("retain: [7]", "takes names"),
    ("policies: [{ keys: 'x', show: 'a' }]", "did you mean \"key\"?"),
    ("claims: 'nowhere'", "cannot open: nowhere"),
    ("claims: 'keys'", "keys: line 1: a row of a claim"),
    ("policies: [{}]", "needs \"show\""), ("policies: [{ show: '{a' }]", "has a wrong candidate"),
    ("retain: ['/a~2']", "has a wrong name"), ("fallback: ['key']", "does not know \"key\""),
    ("skew: 'x'", "a duration"), ("polices: []", "did you mean \"policies\"?"),
  ]) func refusesWrongSettings(_ settings: String, _ message: String) {
    let error = bench.error("{ stage: 'display_actor', \(settings) }")
    #expect(error.contains(message), "\(error)")
  }
}
