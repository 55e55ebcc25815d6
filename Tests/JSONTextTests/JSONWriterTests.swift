import Bytes
import JSONText
import Testing

struct JSONWriterTests {
  @Test func membersComeOutInTheirOrder() {
    var writer = JSONWriter()
    writer.member("text", "a\"b")
    writer.member("none", nil as String?)
    writer.member("number", -7)
    writer.member("digest", Digest256(0, 0, 0, 1))
    writer.member("digests", [Digest256(1, 0, 0, 0), Digest256(2, 0, 0, 0)])
    writer.member("names", ["x", "y\n"])
    writer.member("time", Timestamp(microseconds: 0))
    writer.member("inner") { inner in
      inner.member("a", 1)
      inner.member("b", [] as [String])
    }
    writer.member("raw", raw: { $0.append("[true]") })
    let zeros = String(repeating: "0", count: 48)
    #expect(
      String(decoding: writer.finish(), as: UTF8.self) == """
        {"text":"a\\"b","none":null,"number":-7,"digest":"\(zeros)0000000000000001",\
        "digests":["0000000000000001\(zeros)","0000000000000002\(zeros)"],"names":["x","y\\n"],\
        "time":"1970-01-01T00:00:00Z","inner":{"a":1,"b":[]},"raw":[true]}
        """)
  }

  @Test func whatIsAppendedToStays() {
    var text = ByteBuffer()
    text.append("before ")
    for number in 1...2 {
      var writer = JSONWriter(appendingTo: text)
      writer.member("n", Int64(number))
      text = writer.end()
    }
    #expect(String(decoding: text.view, as: UTF8.self) == "before {\"n\":1}{\"n\":2}")
  }

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
