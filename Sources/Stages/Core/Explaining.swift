package import Engine

/// A stage that can say what it did.
package protocol Explaining {
  /// Sentences about record `index`, right after the stage has processed the batch.
  func explain(_ batch: Batch, _ index: Int) -> [String]
  /// What programs are told about record `index`: members of a JSON object, their values as JSON text.
  func facts(_ batch: Batch, _ index: Int) -> [(name: String, json: String)]
}

extension Explaining {
  /// Most stages have nothing to add to their sentences.
  package func facts(_ batch: Batch, _ index: Int) -> [(name: String, json: String)] { [] }
}
