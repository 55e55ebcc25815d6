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

  @Test func anObjectWithoutMembersIsEmpty() {
    #expect(JSONWriter().finish() == Array("{}".utf8))
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
}
