internal import Bytes
internal import Engine
internal import JSONText
internal import Trail

/// Adds members to an object of additional fields, and puts that into its event.
struct FieldsEditor: ~Copyable {
  /// How the fields stand in the event.
  struct Place {
    /// True if they are JSON inside of a string.
    var isString = false
    /// True if there is nothing yet.
    var isNew = false
  }

  struct Edit: BitwiseCopyable {
    var at: Int
    var removed: Int
    var text: Span32
  }

  private let scanner: Scanner
  private let keyScanner: Scanner
  private var found: FlatArray<Field>
  private var keyFields: FlatArray<Field>
  private var object = ByteBuffer(capacity: 256)
  private var edited = ByteBuffer(capacity: 256)
  private var key = ByteBuffer(capacity: 256)
  private var texts = ByteBuffer(capacity: 256)
  private var edits = FlatArray<Edit>(capacity: 8)
  private var output = ByteBuffer(capacity: 1024)
  private var quoted = ByteBuffer(capacity: 256)
  /// True if the fields are a string that holds an object.
  private var isEscaped = false
  private let members: Int

  init(_ fields: PointerSet, _ own: PointerSet) {
    scanner = Scanner(fields)
    keyScanner = Scanner(own)
    members = own.count
    found = FlatArray(capacity: fields.count)
    found.append(repeating: .missing, count: fields.count)
    keyFields = FlatArray(capacity: own.count)
    keyFields.append(repeating: .missing, count: own.count)
  }

  /// The event as `compose` left it.
  var event: ByteView { output.view }

  /// Takes the additional fields of a record; nil if they are something that nothing can be added to.
  mutating func open(_ batch: Batch, _ index: Int, _ slot: Int) -> Place? {
    edits.removeAll()
    texts.removeAll()
    object.removeAll()
    let field = batch.field(slot, of: index)
    var place = Place()
    isEscaped = false
    switch field.kind {
    case .missing, .null: place.isNew = true
    case .object: object.append(batch.bytes[batch.absolute(field.span, of: index)])
    case .string:
      let content = batch.bytes[batch.absolute(field.content, of: index)]
      // What no UTF-8 can say would not come out as it went in.
      guard JSONString.unescape(content, into: &object) else { return nil }
      place.isString = true
      isEscaped = true
      if object.view.elementsEqual("null".utf8) { object.removeAll() }
    default: return nil
    }
    if object.count == 0 {
      object.append("{}")
      isEscaped = false
    }
    guard let target = found.elements.baseAddress else { return nil }
    let scan = scanner.scanWhole(object.view, fields: target)
    return scan.fault == .none && scan.kind == .object ? place : nil
  }

  /// Adds what `append` says of a key to the object called `name`, number `number` of those that were scanned
  /// for. Returns pointers to what was added.
  mutating func add(
    _ key: KeyDirectory.Found, _ number: Int, _ name: String, _ names: [String],
    _ append: (KeyDirectory.Found, inout ByteBuffer) -> Void
  ) -> [String] {
    self.key.removeAll()
    append(key, &self.key)
    guard let target = keyFields.elements.baseAddress else { return [] }
    _ = keyScanner.scan(self.key.view, fields: target)
    let first = number * (members + 1)
    let existing = found[first]
    let start = texts.count
    var added: [String] = []
    for (member, coder) in names.enumerated()
    where keyFields[member].kind != .missing && found[first + 1 + member].kind == .missing {
      if texts.count > start { texts.append(",") }
      JSONString.append(quoting: coder, to: &texts)
      texts.append(":")
      texts.append(
        ByteView(
          rebasing: self.key.view[
            Int(keyFields[member].start)..<keyFields[member].span.end]))
      added.append("/\(name)/\(coder)")
    }
    guard !added.isEmpty else { return [] }
    switch existing.kind {
    case .object where !isOther(found[first + 1]):
      insert(Span32(start, count: texts.count - start), before: existing.span.end - 1)
      return added
    case .missing, .null:
      insertWhole(name, Span32(start, count: texts.count - start), over: existing)
      return ["/\(name)"]
    default:
      texts.truncate(to: start)
      return []
    }
  }

  /// True if an id is there, and is not that of the key in `key`.
  private mutating func isOther(_ existing: Field) -> Bool {
    guard existing.kind != .missing else { return false }
    guard existing.kind == .string, keyFields[0].kind == .string else { return true }
    let start = texts.count
    let left = existing.content
    JSONString.unescape(
      ByteView(rebasing: object.view[Int(left.start)..<left.end]), into: &texts)
    let middle = texts.count
    let right = keyFields[0].content
    JSONString.unescape(ByteView(rebasing: key.view[Int(right.start)..<right.end]), into: &texts)
    let isOther = !texts.view[start..<middle].elementsEqual(texts.view[middle...])
    texts.truncate(to: start)
    return isOther
  }

  /// Puts members in front of the closing brace at `brace`, with a comma if there are others.
  private mutating func insert(_ members: Span32, before brace: Int) {
    var last = brace - 1
    while last > 0, object.base[last] <= 0x20 { last -= 1 }
    let start = texts.count
    // Of several that are put into one place, all but the first follow another.
    let isFirst =
      object.base[last] == UInt8(ascii: "{") && !edits.elements.contains { $0.at == brace }
    if !isFirst { texts.append(",") }
    texts.appendOwn(members)
    edits.append(Edit(at: brace, removed: 0, text: Span32(start, count: texts.count - start)))
  }

  private mutating func insertWhole(_ name: String, _ members: Span32, over existing: Field) {
    let start = texts.count
    if existing.kind == .missing { texts.append(utf8: "\"\(name)\":") }
    texts.append("{")
    texts.appendOwn(members)
    texts.append("}")
    let text = Span32(start, count: texts.count - start)
    guard existing.kind == .missing else {
      edits.append(Edit(at: Int(existing.start), removed: Int(existing.count), text: text))
      return
    }
    var end = object.count
    while end > 0, object.base[end - 1] != UInt8(ascii: "}") { end -= 1 }
    insert(text, before: end - 1)
  }

  /// Makes the event with its new fields.
  mutating func compose(
    _ batch: Batch, _ index: Int, _ event: Span32, _ slot: Int, parent: Int?, lead: String,
    _ isQuoted: Bool
  ) {
    sortEdits()
    output.removeAll()
    let text = batch.bytes[event]
    let field = batch.field(slot, of: index)
    if isEscaped {
      let content = field.content
      output.append(ByteView(rebasing: text[..<Int(content.start)]))
      appendEdited(ByteView(rebasing: text[Int(content.start)..<content.end]))
      output.append(ByteView(rebasing: text[content.end...]))
      return
    }
    applyEdits()
    if field.kind != .missing {
      output.append(ByteView(rebasing: text[..<Int(field.start)]))
      appendFields(isQuoted)
      output.append(ByteView(rebasing: text[field.span.end...]))
      return
    }
    let end = parent.map { batch.field($0, of: index).span.end } ?? text.count
    var last = end - 2
    while last > 0, text[last] <= 0x20 { last -= 1 }
    output.append(ByteView(rebasing: text[..<(end - 1)]))
    if text[last] != UInt8(ascii: "{") { output.append(",") }
    output.append(utf8: lead)
    appendFields(isQuoted)
    output.append(ByteView(rebasing: text[(end - 1)...]))
  }

  private mutating func appendFields(_ isQuoted: Bool) {
    if isQuoted {
      JSONString.append(quoting: edited.view, to: &output)
    } else {
      output.append(edited.view)
    }
  }

  /// Puts the edits into what stands inside of a string, where the rest stays as it was escaped.
  private mutating func appendEdited(_ content: ByteView) {
    var place = EscapedPlace()
    var copied = 0
    for edit in edits.elements {
      let start = place.go(to: edit.at, in: content)
      output.append(ByteView(rebasing: content[copied..<start]))
      quoted.removeAll()
      JSONString.append(quoting: texts[edit.text], to: &quoted)
      output.append(ByteView(rebasing: quoted.view[1..<quoted.count - 1]))
      copied = place.go(to: edit.at + edit.removed, in: content)
    }
    output.append(ByteView(rebasing: content[copied...]))
  }

  private func sortEdits() {
    let sorted = edits.elements
    // Few, and those at one place stay in their order.
    for index in sorted.indices.dropFirst() {
      var at = index
      while at > 0, sorted[at - 1].at > sorted[at].at {
        sorted.swapAt(at, at - 1)
        at -= 1
      }
    }
  }

  private mutating func applyEdits() {
    edited.removeAll()
    var copied = 0
    for edit in edits.elements {
      edited.append(ByteView(rebasing: object.view[copied..<edit.at]))
      edited.append(texts[edit.text])
      copied = edit.at + edit.removed
    }
    edited.append(ByteView(rebasing: object.view[copied...]))
  }
}

/// Walks over the content of a JSON string, which holds no half of a surrogate pair.
struct EscapedPlace {
  /// Where the walk is in the content, and in what the content stands for.
  private var at = 0
  private var plain = 0

  /// Goes on to byte `offset` of what the content stands for, which must not lie before the last one. Returns
  /// where that is written.
  mutating func go(to offset: Int, in content: ByteView) -> Int {
    while plain < offset, at < content.count {
      guard content[at] == UInt8(ascii: "\\") else {
        at += 1
        plain += 1
        continue
      }
      guard let unit = JSONString.escapedUnit(content, at) else {
        at += 2
        plain += 1
        continue
      }
      // Of a pair the second half is written like the first.
      at += (0xD800..<0xDC00).contains(unit) ? 12 : 6
      plain += (0xD800..<0xDC00).contains(unit) ? 4 : unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3
    }
    return at
  }
}
