/// Tells what is known of an input that comes once: standard input, a pipe.
package struct PipeRecognition {
  /// Where a file may be made for what has to be looked at before it is read.
  package let spillPath: String
  /// What is known of the input with this number, whose text can be looked at, after those that are
  /// finished.
  package let history:
    (_ number: Int, _ text: TextProbe, _ finished: [InputFacts]) throws -> InputHistory?

  package init(
    spillPath: String,
    history:
      @escaping (_ number: Int, _ text: TextProbe, _ finished: [InputFacts]) throws ->
      InputHistory?
  ) {
    self.spillPath = spillPath
    self.history = history
  }
}
