import Disk
import Intake
import JSONText
import TestSupport
import Testing

@Suite struct TableReaderTests {
  private struct Row: Equatable { let text: String; let line: Int }

  private func rows(_ content: String, _ pointer: String? = nil) throws -> [Row] {
    let scratch = try TemporaryFolder()
    let paths = [try scratch.write("t", content), try scratch.write("t.gz", gzip(content))]
    let records = try pointer.map { try JSONPointer($0) }
    var all: [[Row]] = []
    for path in paths {
      for size in sizes {
        var rows: [Row] = []
        let reader = TableReader(disk: shortReads(size), path: path, records: records)
        do {
          let facts = try reader.forEachRow { rows.append(Row(text: text($0), line: $1)) }
          #expect(facts.rows == rows.count)
          #expect(facts.digest != nil)
        } catch let error as TableError {
          #expect(error.file == path)
          rows.append(Row(text: "!" + error.reason, line: error.line))
        }
        all.append(rows)
      }
    }
    #expect(all.allSatisfy { $0 == all[0] })
    return all[0]
  }

  @Test func lines() throws {
    #expect(
      try rows("\u{FEFF}{\"a\":1}\n\n{\"b\":\n2}\n{}") == [
        Row(text: "{\"a\":1}", line: 1), Row(text: "{\"b\":\n2}", line: 3),
        Row(text: "{}", line: 5),
      ])
  }

  @Test func arrayOfObjects() throws {
    #expect(
      try rows("[\n{\"a\":1},\n{\"b\":2}]\n") == [
        Row(text: "{\"a\":1}", line: 2), Row(text: "{\"b\":2}", line: 3),
      ])
  }

  @Test func answersOfAnAPI() throws {
    #expect(
      try rows("{\"n\":1,\n\"keys\":[{\"a\":1}]}", "/keys/*") == [
        Row(text: "{\"a\":1}", line: 2)
      ])
  }

  @Test func cells() throws {
    #expect(
      try rows("id,\"na\"\"me\"\r\n1,\"a,\n\"\"b\"\"\"\r\n\r\n,é\n") == [
        Row(text: "{\"id\":\"1\",\"na\\\"me\":\"a,\\n\\\"b\\\"\"}", line: 2),
        Row(text: "{\"id\":\"\",\"na\\\"me\":\"é\"}", line: 5),
      ])
  }

  @Test(arguments: ["id,na\r1,a\r\r2,b\r", "id,na\r1,a\r\r2,b", "id,na\r1,\"a\"\r\r2,b\r\n"])
  func linesThatEndWithCR(_ text: String) throws {
    #expect(
      try rows(text) == [
        Row(text: "{\"id\":\"1\",\"na\":\"a\"}", line: 2),
        Row(text: "{\"id\":\"2\",\"na\":\"b\"}", line: 4),
      ])
  }

  @Test func blanksAroundCells() throws {
    #expect(
      try rows(" id ,\tname, \n01 , a b ,\" c \"\n") == [
        Row(text: "{\"id\":\"01\",\"name\":\"a b\",\"\":\" c \"}", line: 2)
      ])
    #expect(
      try rows("id,name\n 1,\ta \n\" 2\",  \n") == [
        Row(text: "{\"id\":\"1\",\"name\":\"a\"}", line: 2),
        Row(text: "{\"id\":\" 2\",\"name\":\"\"}", line: 3),
      ])
  }

  /// No id has them, and one that a padded export has would never be found.
  @Test func blanksAroundQuotedIDs() throws {
    let scratch = try TemporaryFolder()
    let path = try scratch.write("t", "id,name\n\"K1  \",\" a \"\n")
    let reader = TableReader(disk: Disk(), path: path, columns: TableColumns(ids: ["id"]))
    var found: [String] = []
    _ = try reader.forEachRow { row, _ in found.append(text(row)) }
    #expect(found == ["{\"id\":\"K1\",\"name\":\" a \"}"])
  }

  /// What stands there is told without a value: tables hold secrets and tokens.
  @Test(arguments: [
    ("404 page not found\n", "text of 19 bytes that is no table"),
    ("TOPSECRET", "text of 9 bytes that is no table"), ("null", "text of 4 bytes that is no table"),
    (
      "id;name;secret\n1;x;TOPSECRET\n",
      "the columns \"id\", \"name\", \"secret\" with semicolons between them, where commas belong"
    ),
    (
      "key_id\ttoken\nK1\tTOPSECRET",
      "the columns \"key_id\", \"token\" with tabs between them, where commas belong"
    ),
    ("\"Id\" , name,whsec_9f8Zk3LqT0p\nTOPSECRET", "the columns \"Id\", \"name\", …"),
    ("<html>\n<p>TOPSECRET, b</p>", "the page <html> <p>"),
    (
      "<!DOCTYPE html>\n<html lang=\"TOPSECRET\"><TITLE>502\n Bad\u{1b} Gateway</title>",
      "the page <!DOCTYPE html> <html> <title>502 Bad\u{FFFD} Gateway</title>"
    ),
    ("<?xml version=\"1.0\"?><Error><Code>TOPSECRET", "the page <?xml> <Error> <Code>"),
    ("<TOPSECRET4711/>", "the page <…>"), ("<TOPSECRET", "a page"),
    ("a\"b,TOPSECRET", "the columns …, \"TOPSECRET\""),
    ("PK\u{3}\u{4}TOPSECRET", "a zip archive: unpack it first, with `unzip -p`"),
    (String(repeating: "TOPSECRET", count: 1000), "text that is no table"),
  ]) func aPageIsNoTable(_ content: String, _ found: String) throws {
    let scratch = try TemporaryFolder()
    let path = try scratch.write("t", content)
    var reasons: Set<String> = []
    for size in sizes {
      let reader = TableReader(
        disk: shortReads(size), path: path, columns: TableColumns(required: ["id", "key_id"]))
      let error = #expect(throws: TableError.self) { try reader.forEachRow { _, _ in } }
      #expect(error?.line == 1)
      reasons.insert(error?.reason ?? "")
    }
    #expect(reasons.count == 1)
    #expect(reasons.first?.hasSuffix("in a file that holds \(found)") == true, "\(reasons)")
  }

  @Test(arguments: [
    ("", "nothing"), (" \n", "nothing"), ("[]", "an empty array"), ("{}", "an empty object"),
    ("[{}]", "an array"),
    ("{\"data\":[],\"secret\":\"TOPSECRET\"}", "an object with \"data\", \"secret\""),
    ("id\n", "the column \"id\""), ("id,name\n", "the columns \"id\", \"name\""),
  ]) func whatATableHolds(_ content: String, _ sketch: String) throws {
    let scratch = try TemporaryFolder()
    let path = try scratch.write("t", content)
    #expect(try TableReader(disk: Disk(), path: path).forEachRow { _, _ in }.sketch == sketch)
  }

  @Test(arguments: ["key_id,x\n", "x, key_id \n", "\"key_id\"\r\n"])
  func oneColumnIsEnough(_ content: String) throws {
    let scratch = try TemporaryFolder()
    let path = try scratch.write("t", content)
    let reader = TableReader(
      disk: Disk(), path: path, columns: TableColumns(required: ["id", "key_id"]))
    #expect(try reader.forEachRow { _, _ in }.rows == 0)
  }

  @Test(arguments: [
    ("{}\n{\"a\":\n x}", nil, 3, "unexpected byte"), ("{}\n7", nil, 2, "a row is no object"),
    ("{}\n{", nil, 2, "the text ends inside a value"),
    ("{\"a\":1}", "/keys/*", 1, "there is nothing at \"/keys/*\""),
    ("a,b\n1,2\n1\n", nil, 3, "1 cells where there are 2 columns"),
    ("a,b\n1,2,3\n", nil, 2, "more cells than the 2 columns"),
    ("a,a\n", nil, 1, "two columns have the name \"a\""),
    ("9f8Zk3LqT0p,9f8Zk3LqT0p\n", nil, 1, "two columns have the name …"),
    ("a\n\"x\n\n", nil, 2, "a quoted cell does not end"),
    ("a\n\"x\"y\n", nil, 2, "something follows a quoted cell"),
    ("a\nx\"y\"\n", nil, 2, "a quote inside a cell that is not quoted"),
  ])
  func faultsNameTheLine(
    _ content: String, _ pointer: String?, _ line: Int, _ reason: String
  ) throws {
    #expect(try rows(content, pointer).last == Row(text: "!" + reason, line: line))
  }

  @Test func bytesThatAreNoText() throws {
    let scratch = try TemporaryFolder()
    let path = try scratch.write("t", Array("a\n".utf8) + [0xFF])
    let error = #expect(throws: TableError.self) {
      try TableReader(disk: Disk(), path: path).forEachRow { _, _ in }
    }
    #expect(error?.description == "invalid UTF-8: \(path):2")
  }
}
