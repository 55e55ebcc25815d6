/// The page's script, in the order in which its parts run: the counts and filters, the pictures, the events.
///
/// It builds elements and sets text; it never makes markup of data, evaluates nothing, and fetches nothing.
enum PageScript {
  static let text = "(async () => {\n" + model + words + lists + chart + events + start + "})();\n"
}
