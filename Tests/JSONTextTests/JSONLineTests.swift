import Bytes
import JSONText
import Testing

@Suite struct JSONLineTests {
  @Test func membersStandInTheirOrderWithoutWhiteSpace() {
    var line = JSONWriter()
    line.member("text", "a\"b")
    line.member("none", nil as String?)
    line.member("number", Int64(-7))
    line.member("list", ["x", "y"])
    line.member(named: "zoë\n", 1)
    line.member(named: "raw", json: "[1, 2]")
    line.member("inner") { $0.member("deep", "z") }
    line.member("last", "end")
    #expect(
      line.finishLine()
        == #"{"text":"a\"b","none":null,"number":-7,"list":["x","y"],"zoë\n":1,"raw":[1, 2],"#
        + #""inner":{"deep":"z"},"last":"end"}"# + "\n")
  }

  @Test func objectsInAnArrayAreApart() {
    var line = JSONWriter()
    line.member("empty", objects: 0) { _, _ in }
    line.member("all", objects: 2) { number, object in
      object.member("n", Int64(number))
      if number > 0 { object.member("t", "x") }
    }
    line.member(named: "counts", [("a", 1), ("b", 2)])
    line.member(named: "nothing", [])
    #expect(
      line.finishLine()
        == #"{"empty":[],"all":[{"n":0},{"n":1,"t":"x"}],"counts":{"a":1,"b":2},"nothing":{}}"#
        + "\n")
  }

  @Test func anObjectMayBeEmpty() { #expect(JSONWriter().finishLine() == "{}\n") }
}
