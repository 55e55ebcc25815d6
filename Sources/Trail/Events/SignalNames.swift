/// Names of signals that programs know, since archives hold them.
public enum SignalNames {
  /// Those that belong to no event: what was turned away is none, and neither is silence.
  public static let ofNoEvent: Set<String> = ["record_refused", "signature_failure", "silence"]
}
