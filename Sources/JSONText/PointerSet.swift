/// The pointers that one scan is to locate, as a trie that the scanner walks beside the text.
///
/// Immutable once made, and so shared by every worker. `*` as a token stands for every member or
/// element where the set was made with `wildcards: true` (a set to collect from); else it is a name
/// like any other.
public final class PointerSet: @unchecked Sendable {
  // Sendable because all storage is written by `init` alone.

  struct Node {
    /// Slot of the pointer that ends here, or -1.
    var slot: Int32 = -1
    var firstEdge: Int32 = 0
    var edgeCount: Int32 = 0
    /// Child for members and elements that no edge names, or -1.
    var wildcard: Int32 = -1
    /// Bit `length & 63` is set if some edge has a key of that length: refutes most keys at once.
    var keyLengths: UInt64 = 0
    /// Slots at and below this node, in `subtreeSlots`.
    var firstSubtreeSlot: Int32 = 0
    var subtreeSlotCount: Int32 = 0
  }

  struct Edge {
    var child: Int32
    /// The key as an array index; -1 if it is none.
    var index: Int32
    var keyStart: UInt32
    var keyCount: UInt32
  }

  /// Where the trie lies: borrowed from the set, which outlives every scan.
  struct Trie {
    let nodes: UnsafeMutablePointer<Node>
    let edges: UnsafeMutablePointer<Edge>
    let keys: UnsafeMutablePointer<UInt8>
    let subtreeSlots: UnsafeMutablePointer<Int32>
  }

  /// Number of slots: distinct pointers, in the order of their first appearance.
  public let count: Int
  let trie: Trie
  let nodeCount: Int

  /// Compiles `pointers`; pointer k has slot k, duplicates share the first one's slot in the scan
  /// and must therefore not be passed: see `PointerTable`.
  public init(_ pointers: [JSONPointer], wildcards: Bool = false) {
    let root = TrieNode()
    for (slot, pointer) in pointers.enumerated() {
      root.insert(pointer.tokens[...], slot: Int32(slot), wildcards: wildcards)
    }
    root.spreadWildcards()
    var flat = FlatTrie()
    flat.add(root)
    count = pointers.count
    nodeCount = flat.nodes.count
    trie = Trie(
      nodes: PointerSet.copy(flat.nodes), edges: PointerSet.copy(flat.edges),
      keys: PointerSet.copy(flat.keys), subtreeSlots: PointerSet.copy(flat.subtreeSlots))
  }

  /// Every member of an object, every element of an array: a set to collect from.
  public static let everyElement = PointerSet([JSONPointer(literal: "/*")], wildcards: true)

  deinit {
    trie.nodes.deallocate()
    trie.edges.deallocate()
    trie.keys.deallocate()
    trie.subtreeSlots.deallocate()
  }

  private static func copy<Element: BitwiseCopyable>(
    _ source: [Element]
  ) -> UnsafeMutablePointer<Element> {
    let target = UnsafeMutablePointer<Element>.allocate(capacity: max(source.count, 1))
    source.withUnsafeBufferPointer { elements in
      if let first = elements.baseAddress {
        target.initialize(from: first, count: elements.count)
      }
    }
    return target
  }
}

extension PointerSet.Trie {
  /// The child of `node` under `key` (unescaped bytes), or -1.
  @inline(__always) func child(
    of node: Int32, key: UnsafePointer<UInt8>, count: Int
  ) -> Int32 {
    let parent = nodes[Int(node)]
    if parent.keyLengths & (1 &<< UInt64(count & 63)) != 0 {
      var edge = Int(parent.firstEdge)
      let end = edge + Int(parent.edgeCount)
      while edge < end {
        let candidate = edges[edge]
        if Int(candidate.keyCount) == count,
          Self.equal(key, keys + Int(candidate.keyStart), count)
        {
          return candidate.child
        }
        edge += 1
      }
    }
    return parent.wildcard
  }

  /// The child of `node` for the array element `index`, or -1.
  func child(of node: Int32, index: Int32) -> Int32 {
    let parent = nodes[Int(node)]
    for edge in Int(parent.firstEdge)..<Int(parent.firstEdge + parent.edgeCount)
    where edges[edge].index == index {
      return edges[edge].child
    }
    return parent.wildcard
  }

  @inline(__always) private static func equal(
    _ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, _ count: Int
  ) -> Bool {
    for at in 0..<count where left[at] != right[at] { return false }
    return true
  }
}

/// The trie while it is built.
private final class TrieNode {
  var slot: Int32 = -1
  var edges: [(key: String, child: TrieNode)] = []
  var wildcard: TrieNode?

  func insert(_ tokens: ArraySlice<String>, slot: Int32, wildcards: Bool) {
    guard let token = tokens.first else {
      if self.slot < 0 { self.slot = slot }
      return
    }
    child(token, wildcards: wildcards).insert(tokens.dropFirst(), slot: slot, wildcards: wildcards)
  }

  private func child(_ token: String, wildcards: Bool) -> TrieNode {
    if wildcards && token == "*" {
      let child = wildcard ?? TrieNode()
      wildcard = child
      return child
    }
    if let edge = edges.first(where: { $0.key.utf8.elementsEqual(token.utf8) }) {
      return edge.child
    }
    let child = TrieNode()
    edges.append((token, child))
    return child
  }

  /// Makes what `*` reaches reachable under the named siblings too, so that a walk needs one state.
  func spreadWildcards() {
    if let wildcard {
      for edge in edges { edge.child.merge(wildcard) }
      wildcard.spreadWildcards()
    }
    for edge in edges { edge.child.spreadWildcards() }
  }

  private func merge(_ other: TrieNode) {
    if slot < 0 { slot = other.slot }
    for edge in other.edges { child(edge.key, wildcards: false).merge(edge.child) }
    guard let theirs = other.wildcard else { return }
    let mine = wildcard ?? TrieNode()
    wildcard = mine
    mine.merge(theirs)
  }
}

/// The trie laid out flat, parents before children, the edges of one node side by side.
private struct FlatTrie {
  var nodes: [PointerSet.Node] = []
  var edges: [PointerSet.Edge] = []
  var keys: [UInt8] = []
  var subtreeSlots: [Int32] = []

  @discardableResult mutating func add(_ source: TrieNode) -> Int32 {
    let index = nodes.count
    nodes.append(PointerSet.Node())
    let firstEdge = edges.count
    for edge in source.edges {
      let key = Array(edge.key.utf8)
      edges.append(
        PointerSet.Edge(
          child: -1, index: FlatTrie.arrayIndex(key), keyStart: UInt32(keys.count),
          keyCount: UInt32(key.count)))
      keys += key
      nodes[index].keyLengths |= 1 &<< UInt64(key.count & 63)
    }
    for (offset, edge) in source.edges.enumerated() {
      let child = add(edge.child)
      edges[firstEdge + offset].child = child
    }
    if let wildcard = source.wildcard { nodes[index].wildcard = add(wildcard) }
    let slots = FlatTrie.slots(of: source)
    nodes[index].slot = source.slot
    nodes[index].firstEdge = Int32(firstEdge)
    nodes[index].edgeCount = Int32(source.edges.count)
    nodes[index].firstSubtreeSlot = Int32(subtreeSlots.count)
    nodes[index].subtreeSlotCount = Int32(slots.count)
    subtreeSlots += slots
    return Int32(index)
  }

  private static func slots(of node: TrieNode) -> [Int32] {
    var slots = node.slot < 0 ? [] : [node.slot]
    for edge in node.edges { slots += self.slots(of: edge.child) }
    if let wildcard = node.wildcard { slots += self.slots(of: wildcard) }
    return slots
  }

  /// RFC 6901: digits without a leading zero.
  private static func arrayIndex(_ key: [UInt8]) -> Int32 {
    guard !key.isEmpty, key.count <= 9, key.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
      key.count == 1 || key[0] != 0x30
    else { return -1 }
    return key.reduce(0) { $0 * 10 + Int32($1 - 0x30) }
  }
}
