/// Functions in Python, for readers without JSON functions that leave every value as it is: the members of a
/// line, each with the text of its value.
struct PythonMembers {
  private let table: ArchiveTable

  init(_ table: ArchiveTable) { self.table = table }

  /// A text of Python.
  static func text(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      quoted += scalar == "\"" || scalar == "\\" ? "\\\(scalar)" : String(scalar)
    }
    return quoted + "\""
  }

  /// The columns that are members, each with what makes a value of its text.
  var columns: String {
    let items = table.columns.map { column in
      let reads =
        switch column.type {
        case .text: "_string"
        case .boolean: "_boolean"
        case .integer: "_integer"
        case .json: "_text"
        }
      return "    \(PythonMembers.text(column.name)): \(reads),\n"
    }
    return "COLUMNS = {\n\(items.joined())}\n"
  }

  static let functions = #"""
    def _whole(text):
        """Text with U+FFFD in place of each half of a surrogate pair."""
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


    def _text(text):
        return None if text == "null" else text


    def _typed(text, kind):
        value = json.loads(text)
        if value is not None and type(value) is not kind:
            raise TypeError("another type than before: run trailmill schema")
        return value


    def _integer(text):
        return _typed(text, int)


    def _boolean(text):
        return _typed(text, bool)


    def _string(text):
        value = _typed(text, str)
        return value if value is None else _whole(value)


    # Numbers stay text: they may have more digits than Python converts.
    _skip = json.JSONDecoder(parse_int=str, parse_float=str).raw_decode
    _name = json.decoder.scanstring
    _space = re.compile(r"[ \t]*").match


    def members(event):
        """The members of an event that are columns."""
        found = {}
        at = _space(event, event.index("{") + 1).end()
        while event[at] != "}":
            name, at = _name(event, at + 1)
            start = _space(event, _space(event, at).end() + 1).end()
            end = _skip(event, start)[1]
            if name in COLUMNS:
                found[name] = COLUMNS[name](event[start:end])
            at = _space(event, end).end()
            if event[at] == ",":
                at = _space(event, at + 1).end()
        return found


    def folder(value):
        """A value as the name of a folder has it; None is that there is none."""
        if value is None:
            return "__HIVE_DEFAULT_PARTITION__"
        if value == "":
            return "~empty"
        data = value.encode()
        safe = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._@"
        return "".join(
            chr(byte) if byte in safe and not (at == 0 and byte in b"-._") else f"%{byte:02X}"
            for at, byte in enumerate(data)
        )


    def value(folder):
        """The value that the name of a folder stands for; None if there is none."""
        if folder is None or folder == "__HIVE_DEFAULT_PARTITION__":
            return None
        return "" if folder == "~empty" else unquote(folder)
    """#
}
