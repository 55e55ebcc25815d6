internal import Platform

/// A name in a directory.
struct DirectoryEntry {
  /// The bytes of the name, with a zero at the end.
  let name: [CChar]
  /// The name as text; nil if it is not UTF-8.
  let text: String?
}

extension Disk {
  /// Makes a directory and what lacks above it. One that is there already is left as it is.
  package func makeDirectories(_ path: String, mode: UInt32 = 0o755) throws(DiskError) {
    do { try makeName(path, mode) } catch {
      switch error.errno {
      case EEXIST:
        let kind = try statIfPresent(path)?.kind
        if kind == .directory { return }
        throw kind == .symbolicLink ? DiskError(.makeDirectory, path, ELOOP) : error
      case ENOENT:
        let above = parent(of: path)
        if above == path || path.isEmpty { throw error }
        try makeDirectories(above, mode: mode)
        try makeDirectory(path, mode)
      default: throw error
      }
    }
  }

  private func makeName(_ path: String, _ mode: UInt32) throws(DiskError) {
    try attempt(.makeDirectory, path) {
      place(of: path) { (directory, name, _) in sysMakeDirectory(directory, name, mode) }
    }
  }

  /// Opens a directory to read the names in it, or to sync them.
  private func openDirectory(_ call: DiskCall, _ path: String) throws(DiskError) -> Int32 {
    try attempt(call, path) {
      place(of: path) { (directory, name, isGuarded) in
        sysOpenFolder(directory, name, O_RDONLY, followsLinks: !isGuarded)
      }
    }
  }

  /// Makes one directory, or finds that someone else just did.
  private func makeDirectory(_ path: String, _ mode: UInt32) throws(DiskError) {
    do { try makeName(path, mode) } catch {
      guard error.errno == EEXIST, try statIfPresent(path)?.kind == .directory else { throw error }
    }
  }

  /// The names in a directory, without `.` and `..`, sorted by their bytes.
  ///
  /// A name that is not UTF-8 is an error (EILSEQ): it could not be opened under any `String`.
  package func list(_ directory: String) throws(DiskError) -> [String] {
    let descriptor = try openDirectory(.list, directory)
    var names: [String] = []
    for entry in try entries(descriptor, directory) {
      guard let name = entry.text else { throw unreadableName(directory, entry) }
      names.append(name)
    }
    return names.sorted(by: precedesInBytes)
  }

  /// The names in a directory, without `.` and `..`, sorted by their bytes: those that can be opened, and
  /// those that are not UTF-8, made readable.
  package func names(
    in directory: String
  ) throws(DiskError) -> (readable: [String], unreadable: [String]) {
    let descriptor = try openDirectory(.list, directory)
    var readable: [String] = []
    var unreadable: [String] = []
    for entry in try entries(descriptor, directory) {
      if let name = entry.text { readable.append(name) } else { unreadable.append(repaired(entry)) }
    }
    return (readable.sorted(by: precedesInBytes), unreadable.sorted(by: precedesInBytes))
  }

  /// Waits until the names in a directory are on the medium.
  package func syncDirectory(_ path: String) throws(DiskError) {
    let descriptor = try openDirectory(.sync, path)
    defer { _ = sysClose(descriptor) }
    try attempt(.sync, path) { sysSync(descriptor) }
  }

  /// Removes a directory if nothing is in it; returns whether it is gone.
  package func removeDirectoryIfEmpty(_ path: String) throws(DiskError) -> Bool {
    do {
      try attempt(.remove, path) {
        place(of: path) { (directory, name, _) in sysUnlink(directory, name, AT_REMOVEDIR) }
      }
    } catch {
      switch error.errno {
      case ENOENT: return true
      case ENOTEMPTY, EEXIST: return false
      default: throw error
      }
    }
    return true
  }

  /// Removes a directory and all that is in it; a symbolic link goes, what it leads to stays.
  ///
  /// If `path` is no directory, it is removed like a file; nothing there is no error.
  package func removeTree(_ path: String) throws(DiskError) {
    // With a slash at its end, the name of a link would mean what the link leads to.
    var name = Array(path.utf8CString)
    while name.count > 2, name[name.count - 2] == 47 { name.remove(at: name.count - 2) }
    guard let guarded, let components = guarded.components(of: path), let last = components.last
    else { return try removeTree(AT_FDCWD, name, path) }
    let above: Int32
    do {
      above = try attempt(.list, path) {
        guarded.within(components) { (directory, _) in sysDuplicate(directory) }
      }
    } catch {
      if error.errno == ENOENT { return }
      throw error
    }
    defer { _ = sysClose(above) }
    try removeTree(above, Array(String(last).utf8CString), path)
  }

  /// Goes down by descriptors, not paths, so that a directory which is swapped for a link on the
  /// way leads nowhere. Every level holds one descriptor.
  private func removeTree(
    _ above: Int32, _ name: [CChar], _ path: String
  ) throws(DiskError) {
    let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
    let descriptor: Int32
    do {
      descriptor = try attempt(.list, path) { sysOpenAt(above, name, flags) }
    } catch {
      if error.errno == ENOENT { return }
      // ENOTDIR: a file; ELOOP: a link, for which some systems say ENOTDIR too.
      guard error.errno == ENOTDIR || error.errno == ELOOP else { throw error }
      try unlink(above, name, 0, path)
      return
    }
    defer { _ = sysClose(descriptor) }
    // Reading a directory closes the descriptor that it reads: give it another.
    let reading = try attempt(.list, path) { sysOpenAt(descriptor, [CChar(46), 0], flags) }
    for entry in try entries(reading, path) {
      let shown = path + "/" + (entry.text ?? repaired(entry))
      try removeTree(descriptor, entry.name, shown)
    }
    try unlink(above, name, AT_REMOVEDIR, path)
  }

  /// Removes a name, which someone else may have done already.
  private func unlink(
    _ above: Int32, _ name: [CChar], _ flags: Int32, _ path: String
  ) throws(DiskError) {
    do { try attempt(.remove, path) { sysUnlinkAt(above, name, flags) } } catch {
      if error.errno != ENOENT { throw error }
    }
  }

  /// Reads a directory to its end and closes the descriptor.
  func entries(_ descriptor: Int32, _ path: String) throws(DiskError) -> [DirectoryEntry] {
    guard let stream = fdopendir(descriptor) else {
      let code = errno
      _ = sysClose(descriptor)
      throw DiskError(.list, path, code)
    }
    defer { closedir(stream) }
    var entries: [DirectoryEntry] = []
    while true {
      var name: [CChar]?
      try attempt(.list, path) { () -> Int32 in
        errno = 0
        name = readdir(stream).map(nameBytes)
        return name == nil && errno != 0 ? -1 : 0
      }
      guard let name else { return entries }
      if name == [46, 0] || name == [46, 46, 0] { continue }
      let text = String(validating: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
      entries.append(DirectoryEntry(name: name, text: text))
    }
  }

  func unreadableName(_ directory: String, _ entry: DirectoryEntry) -> DiskError {
    DiskError(.list, directory + "/" + repaired(entry), EILSEQ)
  }
}

/// The names in a path, as the system tells them apart: to Swift a slash before a combining mark is another
/// character. Empty ones are left out.
package func pathNames(_ path: some StringProtocol) -> [Substring] {
  Substring(path).utf8.split(separator: UInt8(ascii: "/")).map(Substring.init)
}

/// The directory that holds `path`: `.` for a bare name.
package func parent(of path: String) -> String {
  let bytes = Array(path.utf8)
  let slash = UInt8(ascii: "/")
  var end = bytes.count
  while end > 1, bytes[end - 1] == slash { end -= 1 }
  while end > 0, bytes[end - 1] != slash { end -= 1 }
  while end > 1, bytes[end - 1] == slash { end -= 1 }
  return end == 0 ? "." : String(decoding: bytes[..<end], as: UTF8.self)
}

/// Orders by bytes, as `String`'s own order does not.
package func precedesInBytes(_ left: String, _ right: String) -> Bool {
  let order = left.utf8.withContiguousStorageIfAvailable { left in
    right.utf8.withContiguousStorageIfAvailable { right -> Bool in
      guard let leftStart = left.baseAddress, let rightStart = right.baseAddress else {
        return left.count < right.count
      }
      let order = memcmp(leftStart, rightStart, min(left.count, right.count))
      return order < 0 || order == 0 && left.count < right.count
    }
  }
  return order.flatMap { $0 } ?? left.utf8.lexicographicallyPrecedes(right.utf8)
}

private func repaired(_ entry: DirectoryEntry) -> String {
  String(decoding: entry.name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

private func nameBytes(_ entry: UnsafeMutablePointer<dirent>) -> [CChar] {
  // The record is only as long as its name, so the tuple that stands for the name must not be
  // copied as a whole.
  guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { return [0] }
  let start = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
  return Array(UnsafeBufferPointer(start: start, count: strlen(start) + 1))
}
