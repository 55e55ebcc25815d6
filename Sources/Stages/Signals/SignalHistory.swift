internal import Bytes
internal import Engine
internal import JSONText
internal import Trail

// What runs remember for `flag_signals`, as text, one JSON object a line:
//
//   {"account":"example","days":["2026-11-20","2026-11-21"]}   by name, of the last 8 days of the archive
//   {"pair":"<32 hexadecimal digits>"}                          a key and how it was used, the longest unseen
// first

/// Which uses of keys there were, and on which days accounts sent.
final class SignalHistory {
  private let memory: (any SignalMemory)?
  private let watchesSilence: Bool
  private var hasBegun = false
  /// True if this run is the first that remembers, or what was remembered is gone.
  private var learns = false
  /// The file of what was remembered, if it is gone.
  private var missing: String?
  private var hasSeen = false
  private var uses = KnownUses()
  private var days = AccountDays()

  init(_ memory: (any SignalMemory)?, watchesSilence: Bool) {
    self.memory = memory
    self.watchesSilence = watchesSilence
  }

  /// Recalls what earlier runs have left.
  func begin() throws {
    guard !hasBegun else { return }
    hasBegun = true
    guard let memory else { return }
    guard let text = try memory.recall() else {
      learns = true
      missing = memory.place
      return
    }
    load(text)
    uses.beginRun()
  }

  /// What is new about the use of a key.
  func take(_ use: KeyUse) -> (block: Bool, caller: Bool) {
    hasSeen = true
    // Within one run, the first use of a key is where it starts from and departs from nothing.
    var isStart = learns
    if let key = use.key { isStart = uses.take(key) }
    let block = use.block.map { uses.take($0) } ?? false
    let caller = use.caller.map { uses.take($0) } ?? false
    return (block && !isStart, caller && !isStart)
  }

  func takeAccount(_ dialect: BoundDialect, _ batch: Batch, _ index: Int) {
    hasSeen = true
    guard let account = dialect.scalar(.account, batch, index) else { return }
    let time = batch.records[index].time
    let day = time == Record.noTime ? nil : AccountDays.day(ofMicroseconds: time)
    days.take(batch.bytes[account], day: day)
  }

  /// Accounts that have sent nearly every day of the archive and nothing in this run, which goes on.
  func silentAccounts() -> [AccountDays.Silent] { days.silent() }

  var unwatchedAccounts: Bool { days.hasRefused }

  /// What the summary has to say about first uses; nil if they are judged as usual.
  var firstUseNotice: String? {
    if memory == nil { return "judged within this run: only an archive remembers earlier ones" }
    if uses.hasForgotten || uses.count > KnownUses.most {
      return
        "only \(KnownUses.most) are remembered (most_pairs): those not seen for longest are forgotten"
    }
    if missing != nil { return missingNotice }
    return learns && hasSeen ? "learned: this is the first run that remembers them" : nil
  }

  /// What the summary has to say where what was remembered is gone; nil if it is not.
  var missingNotice: String? {
    missing.map { "learned anew: what earlier runs remember is missing: \($0)" }
  }

  /// What the next run has to know; nil if this one has seen nothing.
  func text() -> (text: [UInt8], rows: Int)? {
    guard memory != nil, hasSeen else { return nil }
    var text = ByteBuffer()
    let rows = days.append(to: &text) + uses.append(to: &text)
    return (text.bytes, rows)
  }

  // MARK: Loading

  private func load(_ text: [UInt8]) {
    var pointers = [JSONPointer(literal: "/pair"), JSONPointer(literal: "/account")]
    let days = JSONPointer(literal: "/days")
    pointers += (0..<AccountDays.remembered).map { days.appending("\($0)") }
    let scanner = Scanner(PointerSet(pointers))
    var fields = Array(repeating: Field.missing, count: pointers.count)
    text.withUnsafeBufferPointer { text in
      for line in text.split(separator: UInt8(ascii: "\n")) {
        let line = ByteView(rebasing: line)
        for slot in fields.indices { fields[slot] = .missing }
        let scan = fields.withUnsafeMutableBufferPointer { fields in
          fields.baseAddress.map { scanner.scanWhole(line, fields: $0) }
        }
        if scan?.fault == ScanFault.none { take(line, fields) }
      }
    }
  }

  private func take(_ line: ByteView, _ fields: [Field]) {
    func content(_ field: Field) -> ByteView? {
      guard field.kind == .string else { return nil }
      return ByteView(rebasing: line[Int(field.content.start)..<field.content.end])
    }
    if let pair = content(fields[0]).flatMap(KnownUses.Pair.init(hex:)) { uses.load(pair) }
    guard let account = content(fields[1]) else { return }
    var name = ByteBuffer()
    JSONString.unescape(account, into: &name)
    for field in fields[2...] {
      guard let time = content(field).flatMap({ Timestamp(date: $0) }) else { continue }
      days.load(name.view, day: AccountDays.day(ofMicroseconds: time.microseconds))
    }
  }
}

/// Uses of keys that there were, each as 128 bits of a digest: who chooses names cannot make two the same.
struct KnownUses {
  struct Pair: Hashable {
    var high: UInt64
    var low: UInt64

    init(_ digest: Digest256) {
      high = digest.words.0
      low = digest.words.1
    }

    init?(hex: ByteView) {
      guard hex.count == 32, let bytes = Hex.decode(hex) else { return nil }
      high = bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) }
      low = bytes[8...].reduce(0) { $0 << 8 | UInt64($1) }
    }

    func append(hexTo buffer: inout ByteBuffer) {
      for word in [high, low] {
        withUnsafeBytes(of: word.bigEndian) {
          Hex.append($0.bindMemory(to: UInt8.self), to: &buffer)
        }
      }
    }
  }

  /// Uses that are remembered: 131,072, those that were seen last.
  static let most = 1 << 17

  /// When each was seen last, by a number that grows.
  private var stamps: [Pair: Int] = [:]
  private var next = 0
  private var firstOfRun = 0
  /// True if some were forgotten in this run.
  private(set) var hasForgotten = false
  private let most: Int

  init(most: Int = KnownUses.most) { self.most = most }

  mutating func load(_ pair: Pair) {
    stamps[pair] = next
    next += 1
  }

  /// From here on, what is seen is of this run.
  mutating func beginRun() { firstOfRun = next }

  var count: Int { stamps.count }

  /// True if it is new.
  mutating func take(_ digest: Digest256) -> Bool {
    let pair = Pair(digest)
    let stamp = stamps[pair]
    // Once in a run is enough to know what was seen last.
    if let stamp, stamp >= firstOfRun { return false }
    stamps[pair] = next
    next += 1
    if stamps.count >= most * 2 { trim() }
    return stamp == nil
  }

  private mutating func trim() {
    hasForgotten = true
    stamps = Dictionary(uniqueKeysWithValues: sorted.suffix(most).map { ($0.key, $0.value) })
  }

  private var sorted: [(key: Pair, value: Int)] { stamps.sorted { $0.value < $1.value } }

  /// Appends the rows, and returns their number. Forgets what is too much.
  mutating func append(to text: inout ByteBuffer) -> Int {
    if stamps.count > most { trim() }
    let kept = sorted
    for (pair, _) in kept {
      text.append("{\"pair\":\"")
      pair.append(hexTo: &text)
      text.append("\"}\n")
    }
    return kept.count
  }
}
