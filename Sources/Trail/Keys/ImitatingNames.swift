public import Bytes

/// The names of keys that could pass for somebody: who may make keys can call one as a colleague is called.
///
/// By their form: `source::id`, or an e-mail address. And by what they equal, letter case and normal form
/// apart: what the claims of a claim store would show, and who it says has asked for a token. That is worked
/// out once, when the tables are loaded.
public final class ImitatingNames: Sendable {
  /// Those that equal what claims show, as the directory has them.
  private let names: ByteKeys

  /// Of the keys of a directory, beside the tokens of a claim store.
  public init(_ directory: KeyDirectory?, _ store: ClaimStore?) {
    var names = ByteKeys()
    if let directory, let store {
      var folded = ByteKeys()
      directory.forEachName { ImitatingNames.withFolded(name: $0) { _ = folded.insert($0) } }
      var isShown = [Bool](repeating: false, count: folded.count)
      store.forEachShown { shown in
        LetterCase.withFolded(shown) { if let number = folded.find($0) { isShown[number] = true } }
      }
      directory.forEachName { name in
        let isImitating = ImitatingNames.withFolded(name: name) {
          folded.find($0).map { isShown[$0] } ?? false
        }
        if isImitating { names.insert(name) }
      }
    }
    self.names = names
  }

  /// Calls `body` with a name as it would be shown, folded.
  private static func withFolded<Result>(name: ByteView, _ body: (ByteView) -> Result) -> Result {
    var shown = ByteBuffer(capacity: name.count + 2)
    _ = DisplayText.append(name, to: &shown)
    return LetterCase.withFolded(shown.view, body)
  }

  /// Whether the name of a key could pass for somebody; of anything else (`isName` is false) its form alone
  /// is asked.
  public func contains(_ name: ByteView, isName: Bool = true) -> Bool {
    DisplayText.passesForSomebody(name) || isName && names.count > 0 && names.find(name) != nil
  }
}

extension ClaimStore {
  /// Calls `body` with what its tokens can show, and who asked for them, JSON strings; with some of them more
  /// than once.
  fileprivate func forEachShown(_ body: (ByteView) -> Void) {
    for number in 0..<table.renderings.count {
      ClaimRendering(table.renderings[number]).forEachShown(body)
    }
    var name = ByteBuffer()
    links.forEachActor { actor in
      name.removeAll()
      _ = DisplayText.append(actor, to: &name)
      body(name.view)
    }
  }
}
