import Bytes
import Testing

@Suite struct FlatArrayTests {
  @Test func keepsItsElementsWhileItGrows() {
    var array = FlatArray<Span32>(capacity: 0)
    for number in 0..<5000 { array.append(Span32(number, count: number * 2)) }
    #expect(array.count == 5000)
    let isKept = (0..<5000).allSatisfy { array[$0] == Span32($0, count: $0 * 2) }
    #expect(isKept)
  }

  @Test func changesElementsInPlace() {
    var array = FlatArray<Int>()
    array.append(repeating: 3, count: 40)
    array[39] = 4
    array[0] += 10
    array.elements[1] = 5
    #expect(Array(array.elements) == [13, 5] + [Int](repeating: 3, count: 37) + [4])
  }

  @Test func forgetsFromTheEndOrAll() {
    var array = FlatArray<UInt8>()
    array.append(1)
    array.append(2)
    array.append(3)
    array.truncate(to: 2)
    #expect(Array(array.elements) == [1, 2])
    array.removeAll()
    #expect(array.count == 0)
    array.append(9)
    #expect(array[0] == 9)
  }
}
