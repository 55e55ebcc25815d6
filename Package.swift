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

func room(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let package = Package(
  name: "trailmill",
  targets: [
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(
      name: "CCrypto", pkgConfig: "libcrypto",
      providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),
    room("Bytes", []),
    room("JSONText", ["Bytes"]),
    room("Codec", ["CZlib", "CCrypto", "Bytes"]),
    room("Disk", ["Bytes"]),
    room("Settings", ["Bytes", "JSONText"]),
    room("Engine", ["Bytes", "JSONText", "Codec"]),
    room("Trail", ["Bytes", "JSONText", "Codec", "Settings", "Engine"]),
    room("Intake", ["Bytes", "JSONText", "Codec", "Disk", "Engine", "Trail"]),
    room(
      "Stages", ["Bytes", "JSONText", "Codec", "Disk", "Settings", "Engine", "Trail", "Intake"]),
    room("Archive", ["Bytes", "JSONText", "Codec", "Disk", "Engine", "Trail"]),
    room("Search", ["Bytes", "JSONText", "Codec", "Disk", "Engine", "Trail", "Archive"]),
    room(
      "Report", ["Bytes", "JSONText", "Codec", "Disk", "Engine", "Trail", "Archive", "Search"]),
    room(
      "Definition",
      [
        "Bytes", "JSONText", "Codec", "Disk", "Settings", "Engine", "Trail", "Intake", "Stages",
        "Archive",
      ]),
    .executableTarget(
      name: "trailmill",
      dependencies: [
        "Bytes", "JSONText", "Codec", "Disk", "Settings", "Engine", "Trail", "Intake", "Stages",
        "Archive", "Search", "Report", "Definition",
      ],
      swiftSettings: strict),
    tests("BytesTests", ["Bytes"]),
    tests("JSONTextTests", ["JSONText", "Bytes"]),
    tests("CodecTests", ["Codec", "Bytes"]),
    tests("DiskTests", ["Disk", "Bytes"]),
    tests("SettingsTests", ["Settings", "JSONText", "Bytes"]),
    tests("EngineTests", ["Engine", "Codec", "JSONText", "Bytes"]),
    tests("TrailTests", ["Trail", "Settings", "Engine", "JSONText", "Bytes"]),
    tests("IntakeTests", ["Intake", "Engine", "Trail", "Disk", "Codec", "JSONText", "Bytes"]),
    tests(
      "StagesTests",
      ["Stages", "Definition", "Engine", "Trail", "Settings", "Disk", "Codec", "JSONText", "Bytes"]),
    tests("ArchiveTests", ["Archive", "Engine", "Trail", "Disk", "Codec", "JSONText", "Bytes"]),
    tests(
      "ReportTests",
      ["Report", "Search", "Archive", "Engine", "Trail", "Disk", "Codec", "JSONText", "Bytes"]),
    tests(
      "DefinitionTests",
      [
        "Definition", "Settings", "Engine", "Trail", "Intake", "Disk", "Codec", "JSONText", "Bytes",
      ]),
    tests(
      "SearchTests",
      ["Search", "Archive", "Engine", "Trail", "Disk", "Codec", "JSONText", "Bytes"]),
    tests("EndToEnd", ["trailmill", "Codec", "Disk", "JSONText", "Bytes"]),
  ]
)
