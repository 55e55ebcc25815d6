internal import Terminal

/// The manual page of a program, in the macros of man(7).
package struct ManualPage {
  private let program: ProgramSyntax

  package init(_ program: ProgramSyntax) { self.program = program }

  package var text: String {
    var lines = [
      ".\\\" Made by \"\(program.name) help --man\".",
      ".TH \(program.name.uppercased()) 1 \"\" \"\(program.name) \(program.version)\"",
      ".SH NAME", "\(program.name) \\- \(Self.escaped(program.summary))",
      ".SH SYNOPSIS", ".B \(program.name)", ".I COMMAND", Self.escaped("…"),
      ".SH DESCRIPTION", Self.escaped(program.hint), ".SH COMMANDS",
    ]
    for command in program.commands { lines += section(command) }
    lines.append(".SH EXIT STATUS")
    for code in ExitCode.allCases {
      lines += [".TP", ".B \(code.rawValue)", Self.escaped(code.meaning)]
    }
    lines += [".TP", ".B 128+n", "ended by signal n"]
    return lines.joined(separator: "\n") + "\n"
  }

  private func section(_ command: CommandSyntax) -> [String] {
    var lines = [
      ".SS " + Self.quoted("\(program.name) \(command.name) \(command.arguments)"),
      Self.escaped(command.summary) + ".",
    ]
    for paragraph in command.details { lines += [".PP", Self.escaped(paragraph)] }
    for option in command.options {
      lines += [".TP", ".B " + Self.quoted(option.usage), Self.escaped(option.summary)]
    }
    let codes = command.exitCodes.map { "\($0.rawValue)" }.joined(separator: ", ")
    return lines + [".PP", "Exit codes: \(codes)."]
  }

  /// An argument of a macro.
  private static func quoted(_ text: String) -> String {
    "\"" + escaped(text).replacing("\"", with: "\\(dq") + "\""
  }

  /// Text in which nothing is a command of troff.
  private static func escaped(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let characters = line.unicodeScalars.map { scalar in
        switch scalar {
        case "\\": "\\e"
        case "-": "\\-"
        case "~", "^", "`": "\\[u00\(String(scalar.value, radix: 16, uppercase: true))]"
        case _ where scalar.isASCII: String(scalar)
        default: "\\[u\(hex(scalar.value))]"
        }
      }.joined()
      return characters.hasPrefix(".") || characters.hasPrefix("'")
        ? "\\&" + characters : characters
    }.joined(separator: "\n")
  }

  /// At least four digits, as groff names characters.
  private static func hex(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
