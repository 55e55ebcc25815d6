import Settings
import Testing

@Suite struct PlainNameTests {
  @Test(arguments: ["AUDIT_WEBHOOK_SECRET", "WH", "S", "SECRET_2", "A_2026", "_A"])
  func isAVariable(_ name: String) { #expect(PlainName.isVariable(name)) }

  @Test(arguments: [
    "whsec_9f8Zk3LqT0p", "JBSWY3DPEHPK3PXP", "AKIAIOSFODNN7EXAMPLE", "hunter", "", "A B", "A-B",
    "A\u{0}",
    "ABCDEFGHIJKLM", "Secret",
  ]) func mayBeASecret(_ name: String) { #expect(!PlainName.isVariable(name)) }
}
