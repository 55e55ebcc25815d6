/// The library that makes deflate, for the formats that hold it.
public enum DeflateLibrary: String, CaseIterable, Sendable {
  /// The one that the program is linked with.
  case zlib
  /// Loaded at run time where it is installed.
  case libdeflate
}
