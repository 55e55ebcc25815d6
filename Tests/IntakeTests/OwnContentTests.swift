import Intake
import JSONText
import TestSupport
import Testing

/// What an event holds is its own, whatever happens to the bytes behind it, or in it: no object of its lists
/// becomes a record.
@Suite struct OwnContentTests {
  static let formats = ["array", "auto", "pretty", "records"]

  private func settings(_ format: String) throws -> InputSettings {
    try IntakeTests.settings {
      if format == "records" { $0.records = try JSONPointer("/r/*") }
      $0.format = InputFormat(rawValue: format) ?? .auto
    }
  }

  private func head(_ format: String) -> String {
    format == "records" ? "{\"r\":[" : format == "pretty" ? "[\n  " : "["
  }

  private func objects(_ count: Int, _ name: String = "X") -> [String] {
    (0..<count).map { "{\"id\":\"\(name)\($0)\"}" }
  }

  private func list(_ count: Int) -> String { objects(count).joined(separator: ",") }

  private func kept(_ text: String, _ format: String) throws -> [String] {
    let outcome = try readEveryWay(text, settings(format))
    #expect(outcome.isBalanced, "\(text)")
    return outcome.items.filter { $0.reason.isEmpty }.map(\.raw)
  }

  /// Cut within a list, and what may stand behind then: what a file system leaves, another's last bytes.
  @Test(arguments: formats, [1, 3, 17, 40]) func aCutAndSomethingBehindIt(
    _ format: String, _ inner: Int
  ) throws {
    let event = "{\"id\":2,\"l\":[\(list(inner)),{\"id\":\"last"
    let scratch = try TemporaryFolder()
    for dropped in [0, 1, 4, 5, 6, 7, 11, 12, 13] {
      for tail in [
        "", "}]", "}]\n", "\"}\n", "\"}]}\n", "...\n", "\0\0\0", "\0\n", "]", "]\n", "],\n",
        ",{\"id\"}]", "\u{80}", "\r\n-", "01,", "}}", "]]",
      ] {
        let text = head(format) + "{\"id\":1}," + event.dropLast(dropped) + tail
        let outcome = try read([try scratch.write("in", text)], settings(format))
        let kept = outcome.items.filter { $0.reason.isEmpty }.map(\.raw)
        #expect(kept.first == "{\"id\":1}" && outcome.isBalanced)
        // A record that is whole but for what it says may still be one.
        #expect(!kept.contains { $0.hasPrefix("{\"id\":\"X") }, "\(format) \(dropped) \(tail)")
      }
    }
  }

  /// What is wrong with a string says nothing against the brackets around it.
  @Test(arguments: formats, ["\0\0\0\0", "\t", "\\q", "\\u12"]) func aStringThatIsNone(
    _ format: String, _ damage: String
  ) throws {
    for before in [0, 1, 20] {
      for behind in [1, 20] {
        let text =
          head(format) + "{\"id\":1},{\"id\":2,\"l\":[" + objects(before).map { $0 + "," }.joined()
          + "{\"id\":\"Y" + damage + "\"}," + objects(behind, "Z").joined(separator: ",") + "]\n"
        #expect(try kept(text, format) == ["{\"id\":1}"], "\(before) \(behind)")
      }
    }
  }

  /// Records behind the damage are read, if the brackets there tell of them.
  @Test(arguments: formats) func whatFollowsTheDamageIsRead(_ format: String) throws {
    let end = format == "records" ? "],\"next\":null}" : "]\n"
    let records = (3..<40).map { "{\"id\":\($0)}" }
    for torn in ["\"X1}", "\"X1\"}}", "\"X1\"],", "\"X1,\"y\":\"z\"", "\"X1\"}]\"", "X1\"}]"] {
      let text =
        head(format) + "{\"id\":1},{\"id\":2,\"l\":[{\"id\":\"X0\"},{\"id\":" + torn + ","
        + records.joined(separator: ",") + end
      #expect(try kept(text, format) == ["{\"id\":1}"] + records, "\(torn)")
    }
  }

  /// The quote that ends the last string is lost: all strings behind it are text, and text is strings.
  @Test(arguments: formats) func aQuoteThatIsLostAtTheEnd(_ format: String) throws {
    let end = format == "records" ? "],\"next\":null}" : "]\n"
    for inner in [3, 17, 40] {
      for event in [
        "{\"id\":2,\"l\":[\(list(inner))],\"s\":\"t}",
        "{\"id\":2,\"l\":[\(list(inner)),{\"id\":\"t}]}",
        "{\"id\":2,\"l\":[\(list(inner))],\"s:\"t\"}",
      ] {
        #expect(try kept(head(format) + "{\"id\":1}," + event + end, format) == ["{\"id\":1}"])
      }
    }
  }

  /// What begins with a brace at the end of a string begins with no name.
  @Test(arguments: formats, 0..<4) func aFragmentIsNoRecord(_ format: String, _ before: Int) throws
  {
    let records = (0..<before).map { "{\"user\":\"u\($0)\"}" }
    for fragment in [
      "{\",title\":\"x\",\"ip\":\"1.2.3.4\"}", "{\" ,title\":\"x\"}", "a{\"],\"b\":\"c\"}",
    ].map({ "{\"user\":\"bob\",\"note\":\"" + $0 }) {
      let text =
        head(format) + (records + [fragment, "{\"user\":\"eve\"}"]).joined(separator: ",")
        + (format == "records" ? "]}" : "]\n")
      #expect(try kept(text, format) == records + ["{\"user\":\"eve\"}"], "\(fragment)")
    }
  }

  /// Longer than a record may be, and cut: that is no other thing.
  @Test(arguments: formats) func aLongEventThatIsCut(_ format: String) throws {
    var settings = try settings(format)
    settings.maxRecord = 1 << 10
    for tail in ["", "]\n", "}]"] {
      let text = head(format) + "{\"id\":1},{\"id\":2,\"l\":[" + list(400) + tail
      let outcome = try readEveryWay(text, settings)
      #expect(outcome.items.filter { $0.reason.isEmpty }.map(\.raw) == ["{\"id\":1}"], "\(tail)")
      #expect(outcome.isBalanced)
    }
  }
}
