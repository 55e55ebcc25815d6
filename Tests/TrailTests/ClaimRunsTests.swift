import Bytes
import Engine
import TestSupport
import Testing
import Trail

/// Sessions that tokens were exchanged for, and runs that they were issued to.
@Suite struct ClaimRunsTests {
  @Test func aTokenWhoseSessionsHaveRowsCountsOnlyWhereItIsNamed() throws {
    let exchanged =
      #"{"key_id":"k","token_id":"a","iat":1000,"exp":2000,"claims":{"email":"a"},"exchanged":true}"#
    let session = #"{"key_id":"k","iat":1500,"session_expires_at":3000,"claims":{"email":"a"}}"#
    let other = #"{"key_id":"k","token_id":"b","iat":1000,"exp":2000,"claims":{"email":"b"}}"#
    let store = try ClaimStoreTests.load([exchanged, session, other])
    #expect(ClaimStoreTests.infer(store, at: 1200).hasPrefix(#"sole "b""#))
    #expect(ClaimStoreTests.infer(store, at: 1800) == "ambiguous")
    #expect(ClaimStoreTests.infer(store, at: 2500) == #"sole "a""#)
    #expect(ClaimStoreTests.find(store, "a", "k", at: 1200).hasPrefix(#"token "a""#))
    // What is not true leaves it as it was, and so does a row that does not say it.
    for rows in [
      [exchanged.replacing("true", with: "\"true\"")],
      [exchanged, exchanged.replacing(",\"exchanged\":true", with: "")],
    ] {
      for rows in [rows, rows.reversed()] {
        #expect(
          ClaimStoreTests.infer(try ClaimStoreTests.load(rows), at: 1200).hasPrefix(#"sole "a""#))
      }
    }
  }

  private static let runs = [
    #"{"key_id":"k","token_id":"t1","run_id":"1","iat":1000,"exp":2000,"claims":{"email":"a"}}"#,
    #"{"key_id":"k","token_id":"t2","run_id":2,"iat":1000,"exp":2000,"claims":{"email":"b","n":1}}"#,
    #"{"key_id":"k","token_id":"t3","run_id":"2","iat":3000,"exp":4000,"claims":{"email":"b","n":2}}"#,
    #"{"key_id":"l","run_id":"2","claims":{"email":"c"}}"#,
    #"{"key_id":"k","run_id":"3","claims":{"email":"a"}}"#,
    #"{"key_id":"k","token_id":"t5","run_id":"5","claims":{"email":"a"}}"#,
    #"{"key_id":"k","token_id":"t6","run_id":"5","claims":{"email":"a"}}"#,
    #"{"key_id":"k","run_id":"3","claims":{"email":"b"}}"#,
    #"{"key_id":"k","run_id":"","token_id":"t4","claims":{"email":"a"}}"#,
  ]

  @Test(
    arguments: [
      ("1", "k", 1500, #"token "a" {"id":"t1","issued_at":1000,"expires_at":2000}"#),
      ("1", nil, 1500, #"token "a" {"id":"t1","issued_at":1000,"expires_at":2000}"#),
      (
        "1", "k", 2500,
        #"token "a" {"id":"t1","issued_at":1000,"expires_at":2000} token_time_outside"#
      ),
      ("1", "l", 1500, "none token_of_other_key"), ("1", "m", 1500, "none token_of_other_key"),
      ("2", "k", 1500, #"token "b""#), ("2", "k", 3500, #"token "b""#),
      ("2", "k", 2030, #"token "b" skew"#), ("2", "k", 2500, #"token "b" token_time_outside"#),
      ("2", "l", 1500, #"token "c""#), ("2", nil, 1500, "none token_of_other_key"),
      ("3", "k", 1500, "ambiguous"), ("5", "k", 1500, #"token "a""#),
      ("4", "k", 1500, "none token_unknown"),
      ("", "k", 1500, "none token_unknown"), ("t1", "k", 1500, "none token_unknown"),
    ] as [(String, String?, Int64, String)])
  func findsARunOfAKey(_ run: String, _ key: String?, _ seconds: Int64, _ found: String) throws {
    for rows in [Self.runs, Self.runs.reversed()] {
      let store = try ClaimStoreTests.load(rows)
      #expect(store.hasRuns)
      let answer = withBytes(run) { run in
        withBytes(key ?? "") { name in
          ClaimStoreTests.describe(
            store,
            store.find(
              run: run, key: key == nil ? nil : name, at: seconds * 1_000_000, PolicySelector()))
        }
      }
      #expect(answer == found)
    }
    #expect(!(try ClaimStoreTests.load([Self.runs[8]]).hasRuns))
  }
}
