import Bytes
import Testing

@Suite struct FiguresTests {
  @Test(arguments: [
    (0, "0"), (999, "999"), (1000, "1,000"), (123_456, "123,456"), (1_234_567, "1,234,567"),
    (-1000, "-1,000"), (-999, "-999"), (Int.min, "-9,223,372,036,854,775,808"),
  ]) func groupsThousands(_ number: Int, _ text: String) {
    #expect(Figures.grouped(number) == text)
  }

  @Test(arguments: [
    (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1536, "1.5 KiB"), (1 << 20, "1.0 MiB"),
    (3 << 29, "1.5 GiB"), (1 << 40, "1.0 TiB"), (1 << 50, "1024.0 TiB"),
  ]) func sizesHaveUnits(_ bytes: Int, _ text: String) {
    #expect(Figures.size(bytes) == text)
  }

  @Test(arguments: [
    (0.0, 0, "0"), (3.14159, 2, "3.14"), (2.999, 2, "3.00"), (0.05, 2, "0.05"), (-1.0, 1, "0.0"),
    (1e20, 1, "1e+20"),
  ]) func decimalsAreRounded(_ value: Double, _ places: Int, _ text: String) {
    #expect(Figures.decimal(value, places: places) == text)
  }
}
