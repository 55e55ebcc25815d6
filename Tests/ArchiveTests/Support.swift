import Crypto
import History
import Archive
import Bytes
import Disk
import Foundation
import TestSupport

/// A JSON string in which everything that can be is escaped.
func quoted(_ text: String) -> String {
  "\"" + text.utf16.map { String(format: "\\u%04X", $0) }.joined() + "\""
}

func sha256Hex(_ text: String) -> String {
  withBytes(text) { SHA256.digest($0) }.hex
}
