import Archive
import TestSupport
import Testing

struct LayoutTests {
  @Test(arguments: [
    ("hive", "acct=acme/dt=2026-11-20/hr=07"),
    ("collector", "year=2026/month=11/day=20/hour=07"),
    ("firehose", "2026/11/20/07"),
    ("cloudtrail", "AuditLogs/acme/eu-west-1/2026/11/20"),
    ("{account}/{date}/{/data/args/Input/Space}", "acme/2026-11-20/legacy"),
    ("account={account}/day={date}", "account=acme/day=2026-11-20"),
    ("{action}/{actor}", "stack.create/api%3A%3A01J"),
    ("logs-{year}-{month}/{account}-{region}", "logs-2026-11/acme-eu-west-1"),
    ("json/{account}.json", "json/acme.json"),
  ])
  func theNamedLayoutsAndTemplates(layout: String, folder: String) throws {
    let event = """
      {"account":"acme","region":"eu-west-1","action":"stack.create","actor":"api::01J",
      "data":{"args":{"Input":{"Space":"legacy"}}}}
      """
    #expect(try LayoutProbe(layout).folder(event, time: "2026-11-20T07:59:59Z") == folder)
  }

  @Test(arguments: [
    "", "hvie", "all", "/{date}", "{date}/", "{account}//{date}", "../{date}", "{date}/..",
    "a/./{date}", "_x/{date}", "{date}/.x", "-x/{date}", "{date", "{date}}", "a\\b/{date}",
    "a\u{7}b/{date}", "{nothing}", "{}", "{/a~2}", "{account}{region}", "{account}x{region}",
    "{account}{date}", "{account}%{region}", "{account}~{region}", "{date}.ndjson.gz",
    "{account}.gz", "x/{date}z", "{account}.ndjson", "{account}.zz", "a.ndjson/{date}",
    "{/a}-{/b}-{/c}-{/d}-{/e}",
    String(repeating: "a", count: 256) + "/{date}",
    String(repeating: "{date}/", count: 12) + "{hour}",
  ])
  func whatIsRefused(layout: String) {
    #expect(throws: LayoutError.self) { try Layout(parsing: layout) }
  }

  @Test func aRefusalNamesTheLayoutAndTheReason() {
    let error = #expect(throws: LayoutError.self) { try Layout(parsing: "{acount}/{date}") }
    #expect(error?.layout == "{acount}/{date}")
    #expect(error?.description.contains("there is no {acount}") == true)
  }

  @Test func aNameStandsForItsTemplate() throws {
    for (name, template) in Layout.named {
      #expect(try Layout(parsing: name) == Layout(parsing: template))
    }
  }
}
