import Testing

@testable import Terminal

@Suite struct ProcessTests {
  @Test func theFirstLocaleThatIsSetCounts() {
    #expect(Process.isUnicode(["LC_ALL": "C.UTF-8"]))
    #expect(Process.isUnicode(["LANG": "de_DE.utf8"]))
    #expect(Process.isUnicode(["LC_ALL": "", "LANG": "C.UTF-8"]))
    #expect(!Process.isUnicode(["LC_ALL": "C", "LANG": "C.UTF-8"]))
    #expect(!Process.isUnicode([:]))
  }

  @Test func exitCodesAreAContract() {
    #expect(ExitCode.allCases.map(\.rawValue) == [0, 2, 3, 4, 5, 6, 7])
    #expect(Set(ExitCode.allCases.map(\.meaning)).count == ExitCode.allCases.count)
  }
}
