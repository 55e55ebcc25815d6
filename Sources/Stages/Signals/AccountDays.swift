internal import Bytes
internal import JSONText

/// On which days accounts sent.
struct AccountDays: ~Copyable {
  /// An account that was silent.
  struct Silent {
    var name: [UInt8]
    /// The last day on which it sent, in days since 1970.
    var last: Int
  }

  /// Accounts that are watched: 10,000; of more, those that were seen last are remembered.
  static let most = 10_000
  /// Longest name of an account that is watched, in bytes.
  static let longestName = 256
  /// Days that are remembered, back from the newest of the archive.
  static let remembered = 8
  /// An account that has sent on so many of the last `window` days is expected to go on.
  static let expected = 5
  static let window = 7

  private struct Account {
    var name: [UInt8]
    var newest: Int
    /// Bit n is set if it sent n days before the newest.
    var days: UInt64
    var isInRun = false
  }

  private var numbers = ByteTable<Int32>()
  private var accounts: [Account] = []
  /// The account that came last: most come many times in a row.
  private var last = -1
  /// The newest day of earlier runs, and of this one.
  private var newestBefore: Int?
  private var newest: Int?
  /// True if there were more accounts than are watched.
  private(set) var hasRefused = false

  static func day(ofMicroseconds time: Int64) -> Int {
    let day = Int64(86_400_000_000)
    return Int(time >= 0 ? time / day : (time + 1) / day - 1)
  }

  mutating func load(_ name: ByteView, day: Int) {
    newestBefore = max(newestBefore ?? day, day)
    if let number = number(name, day) { add(day, to: number) }
  }

  /// Takes an event; `day` is nil if nobody knows when it was.
  mutating func take(_ name: ByteView, day: Int?) {
    guard let day else {
      if let known = numbers.find(name) { accounts[Int(known)].isInRun = true }
      return
    }
    newest = max(newest ?? day, day)
    guard let number = number(name, day) else { return }
    if !accounts[number].isInRun { accounts[number].isInRun = true }
    if accounts[number].newest != day { add(day, to: number) }
  }

  private mutating func number(_ name: ByteView, _ day: Int) -> Int? {
    if last >= 0, accounts[last].name.elementsEqual(name) { return last }
    guard !name.isEmpty, name.count <= AccountDays.longestName else { return nil }
    if let known = numbers.find(name) {
      last = Int(known)
      return last
    }
    guard accounts.count < AccountDays.most * 2 else {
      hasRefused = true
      return nil
    }
    last = accounts.count
    numbers.insert(name, Int32(last))
    accounts.append(Account(name: Array(name), newest: day, days: 1))
    return last
  }

  private mutating func add(_ day: Int, to number: Int) {
    let distance = day - accounts[number].newest
    if distance > 0 {
      accounts[number].days = distance < 64 ? accounts[number].days << UInt64(distance) | 1 : 1
      accounts[number].newest = day
    } else if distance > -64 {
      accounts[number].days |= 1 << UInt64(-distance)
    }
  }

  /// The days of an account among the `count` that end with `end`, the earliest first.
  private func days(_ account: Account, endingWith end: Int, count: Int) -> [Int] {
    (end - count + 1...end).filter { day in
      let distance = account.newest - day
      return distance >= 0 && distance < 64 && account.days >> UInt64(distance) & 1 != 0
    }
  }

  /// Accounts that were expected in this run and are not in it, by their names. None, unless the run goes on
  /// where the archive ended: a backfill says nothing about today.
  func silent() -> [Silent] {
    guard let newestBefore, let newest, newest > newestBefore else { return [] }
    return accounts.filter { account in
      !account.isInRun
        && days(account, endingWith: newestBefore, count: AccountDays.window).count
          >= AccountDays.expected
    }.sorted { $0.name.lexicographicallyPrecedes($1.name) }
      .map { Silent(name: $0.name, last: $0.newest) }
  }

  /// Appends the rows, and returns their number.
  func append(to text: inout ByteBuffer) -> Int {
    guard let end = [newestBefore, newest].compactMap({ $0 }).max() else { return 0 }
    let current = accounts.filter { end - $0.newest < AccountDays.remembered }
      .sorted {
        $0.newest == $1.newest
          ? $0.name.lexicographicallyPrecedes($1.name) : $0.newest > $1.newest
      }
      .prefix(AccountDays.most).sorted { $0.name.lexicographicallyPrecedes($1.name) }
    for account in current {
      text.append("{\"account\":")
      account.name.withUnsafeBufferPointer { JSONString.append(quoting: $0, to: &text) }
      text.append(",\"days\":[")
      let days = days(account, endingWith: end, count: AccountDays.remembered)
      for (place, day) in days.enumerated() {
        text.append(place > 0 ? ",\"" : "\"")
        Timestamp(seconds: Int64(day) * 86400)?.append(dateTo: &text)
        text.append(UInt8(ascii: "\""))
      }
      text.append("]}\n")
    }
    return current.count
  }
}
