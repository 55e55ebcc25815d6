// swift-tools-version: 6.2
import PackageDescription

// The rooms of the house, from the ground up. A target may depend only on those
// declared before it; Tests/DefinitionTests/HouseTests.swift refuses an import
// that this table does not declare.

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  // Debug builds, and so all tests, check at run time that no two accesses to a property overlap. Release
  // builds do without: a record touches the properties of its batch some twenty times (docs/adr/0017).
  .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

func room(
  _ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []
) -> Target {
  .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// The files of the report's page: PageFiles.swift puts them together.
let pageFiles: [Resource] = [
  "page.html", "page.css", "views.css", "media.css",
  "text.js", "words.js", "elements.js", "model.js", "search.js", "filters.js", "scale.js",
  "chart.js", "brush.js", "signals.js", "bars.js", "lists.js", "events.js", "detail.js",
  "archive.js", "start.js",
].map { .embedInCode("Page/\($0)") }

func support(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, path: "Tests/" + name, swiftSettings: strict)
}

let package = Package(
  name: "trailmill",
  targets: [
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(
      name: "CCrypto", pkgConfig: "libcrypto",
      providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),
    room("Platform", []),
    room("Bytes", ["Platform"]),
    room("JSONText", ["Bytes"]),
    room("Codec", ["CZlib", "Platform", "Bytes"]),
    room("Crypto", ["CCrypto", "Bytes"]),
    room("Disk", ["Platform", "Bytes"]),
    room("Settings", ["Bytes", "JSONText"]),
    room("Terminal", ["Platform", "Bytes", "Disk"]),
    room("CommandLine", ["Bytes", "Settings", "Terminal"]),
    room("Engine", ["Platform", "Bytes", "JSONText"]),
    room("Trail", ["Platform", "Bytes", "JSONText", "Crypto", "Settings", "Engine"]),
    room(
      "Intake", ["Platform", "Bytes", "JSONText", "Codec", "Crypto", "Disk", "Engine", "Trail"]),
    room(
      "Stages",
      ["Bytes", "JSONText", "Crypto", "Disk", "Settings", "Engine", "Trail", "Intake"]),
    room(
      "History", ["Bytes", "JSONText", "Codec", "Crypto", "Disk", "Engine", "Trail"]),
    room(
      "Output",
      ["Bytes", "JSONText", "Codec", "Crypto", "Disk", "Engine", "Trail"]),
    room(
      "Archive",
      [
        "Platform", "Bytes", "JSONText", "Codec", "Crypto", "Disk", "Engine", "Trail", "History",
        "Output",
      ]),
    room(
      "Verify",
      ["Bytes", "JSONText", "Codec", "Crypto", "Disk", "History", "Archive"]),
    room(
      "Search",
      ["Bytes", "JSONText", "Disk", "Engine", "Trail", "History", "Archive", "Verify"]),
    room(
      "Report",
      [
        "Bytes", "JSONText", "Codec", "Crypto", "Terminal", "Engine", "Trail", "History", "Archive",
        "Search",
      ],
      resources: pageFiles),
    room(
      "Schema",
      [
        "Bytes", "JSONText", "Codec", "Disk", "Settings", "Engine", "Trail", "History", "Archive",
      ]),
    room(
      "Definition",
      [
        "Bytes", "JSONText", "Codec", "Crypto", "Disk", "Settings", "Engine", "Trail", "Intake",
        "Stages", "Archive",
      ]),
    room(
      "Pipeline",
      [
        "Platform", "Bytes", "Codec", "Crypto", "Disk", "Settings", "Engine", "Trail", "Intake",
        "Stages", "History", "Output", "Archive", "Definition",
      ]),
    .executableTarget(
      name: "trailmill",
      dependencies: [
        "Bytes", "JSONText", "Codec", "Crypto", "Disk", "Settings", "Terminal", "CommandLine",
        "Engine", "Trail", "Intake", "Stages", "History", "Output", "Archive", "Verify", "Search",
        "Report", "Schema", "Definition", "Pipeline",
      ],
      swiftSettings: strict),
    support("TestSupport", ["Bytes", "JSONText"]),
    support(
      "TestArchives",
      [
        "TestSupport", "History", "Output", "Archive", "Engine", "Trail", "Disk", "Codec", "Crypto",
        "JSONText", "Bytes",
      ]),
    tests(
      "TestSupportTests",
      ["TestSupport", "TestArchives", "History", "Archive", "Trail", "Disk", "JSONText", "Bytes"]),
    tests("HouseTests", ["TestSupport"]),
    tests("BytesTests", ["Bytes", "TestSupport"]),
    tests("JSONTextTests", ["JSONText", "Bytes", "TestSupport"]),
    tests("CodecTests", ["Codec", "Bytes", "TestSupport"]),
    tests("CryptoTests", ["Crypto", "Bytes", "TestSupport"]),
    tests("DiskTests", ["Disk", "Bytes", "TestSupport"]),
    tests("SettingsTests", ["Settings", "JSONText", "Bytes", "TestSupport"]),
    tests("TerminalTests", ["Terminal"]),
    tests("CommandLineTests", ["CommandLine", "Settings", "Terminal", "Bytes"]),
    tests(
      "CommandTests",
      [
        "trailmill", "CommandLine", "Pipeline", "Report", "Search", "Archive", "Trail", "Settings",
        "Codec",
        "JSONText", "Bytes", "TestSupport",
      ]),
    tests("EngineTests", ["Engine", "Codec", "Crypto", "JSONText", "Bytes", "TestSupport"]),
    tests("TrailTests", ["Trail", "Settings", "Engine", "JSONText", "Bytes", "TestSupport"]),
    tests(
      "IntakeTests",
      [
        "Intake", "History", "Engine", "Trail", "Disk", "Codec", "Crypto", "JSONText", "Bytes",
        "TestSupport",
      ]),
    tests(
      "StagesTests",
      [
        "Stages", "Definition", "Engine", "Trail", "Settings", "Disk", "Codec", "Crypto",
        "JSONText", "Bytes", "TestSupport",
      ]),
    tests(
      "HistoryTests", ["History", "Archive", "Disk", "Bytes", "TestArchives", "TestSupport"]),
    tests(
      "OutputTests",
      [
        "Output", "Engine", "Disk", "Codec", "JSONText", "Bytes", "TestArchives", "TestSupport",
      ]),
    tests(
      "VerifyTests",
      [
        "Verify", "Search", "History", "Archive", "Disk", "Codec", "Crypto", "JSONText", "Bytes",
        "TestArchives", "TestSupport",
      ]),
    tests(
      "ArchiveTests",
      [
        "History", "Output", "Verify", "Archive", "Search", "Engine", "Trail", "Disk", "Codec",
        "Crypto", "JSONText", "Bytes", "TestArchives", "TestSupport",
      ]),
    tests(
      "SchemaTests",
      ["Schema", "History", "Settings", "JSONText", "Bytes", "TestArchives", "TestSupport"]),
    tests(
      "ReportTests",
      [
        "Report", "Terminal", "Search", "Stages", "History", "Output", "Verify", "Archive",
        "Engine", "Trail", "Disk", "Codec", "Crypto", "JSONText", "Bytes", "TestSupport",
      ]),
    tests(
      "DefinitionTests",
      [
        "Definition", "Settings", "Stages", "Engine", "Trail", "Intake", "Disk", "Codec",
        "Crypto", "JSONText", "Bytes", "TestSupport",
      ]),
    tests(
      "SearchTests",
      [
        "Search", "History", "Output", "Verify", "Archive", "Engine", "Trail", "Disk", "Codec",
        "Crypto", "JSONText", "Bytes", "TestArchives", "TestSupport",
      ]),
    tests(
      "PipelineTests",
      [
        "Pipeline", "Definition", "History", "Stages", "Engine", "Trail", "Settings", "Disk",
        "Codec", "Crypto", "Bytes", "TestSupport",
      ]),
    tests(
      "EndToEnd", ["trailmill", "Codec", "Crypto", "Disk", "JSONText", "Bytes", "TestSupport"]),
  ]
)
