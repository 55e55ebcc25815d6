/// Keys that are none of Ed25519, made with the `openssl` command for these tests and for nothing else.
enum ForeignKeys {
  static let encrypted = """
    -----BEGIN ENCRYPTED PRIVATE KEY-----
    MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgM2evnnMUNTgICCAAw
    DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEMX0SA5S856fjYK9FHWmyhUEQLjQ
    +8zbI6FTzuMViLUhXRjQL5CJyhYyyJYy/a+A3OHS7f1yQsg3lWcoSWlSb39wnMpl
    uVvAS6Kwy6eSm+nhDIQ=
    -----END ENCRYPTED PRIVATE KEY-----

    """

  static let encryptedTraditional = """
    -----BEGIN RSA PRIVATE KEY-----
    Proc-Type: 4,ENCRYPTED
    DEK-Info: AES-128-CBC,15C29340490806F9F5466507B0FF764A

    Nr0xQ8dibgZXEnGKy6B9i9DZR0MimQLSrpcz8SD7d/5M1GqfYBb7I5XnARREnZJk
    Qj3KQ5hOEUX/GiGQ5LHU3m38wLzSu+cUz3OMY8bl978NAfk6yxrZT20PG1MdFnGv
    WsbYtXmWiX0hOizQecPdJ8mm63vuWSO+4Cq9BS7wi/pRsJrztsnhxUXA4JzT9gmI
    D/0EKNWlQwPZTa9w6XO8eDODvpYNKrtS2rp3CVrsF+CoesOBAFeod6J/eB7mgwl+
    UuXaPXy0799+5B+qFBzHd40qtKVmtDHSQfkMpEz+N3a5OOMntIuEgn+H2KC8S+U5
    j42RFMD/GFAeO+ab+yMHOBkruViVWcUfZV9AG3eR+euCrOZp2DskpTn5Nn6/qwzr
    yofpCiz2W6DGMr7xo14u+/DWaU/adQWMyDpWXj75J0koIFhKxyIyqNtgvaVFzvdY
    -----END RSA PRIVATE KEY-----

    """

  static let traditional = """
    -----BEGIN RSA PRIVATE KEY-----
    MIIBPAIBAAJBAMeyV7654hF2A1qxYI/CmxybIaZ7aDL1pgYmv/85rrB9cdV8Phoe
    0cMgtx5zB8S4vsRcNPTH5E0u4j8O4fF60IsCAwEAAQJBAMDXOSKmMGg6NV0EQ0Iw
    ZEeIi0NQkrv7OftgujHGSyqEFDUYacRbtWHC9c0IqmKRprilYggiob4Bn8OqrhLy
    mZECIQDrpFpQqxCMXagXNVqZotq3UE8rSGEd1wuWxcyoEXVBowIhANjy/miHtFaU
    +qWdNUguOIUj7xfuIY58wha7oeKC47P5AiEA1sM6FR9zu5p4Yn6cDj5g/IXTQe17
    pciipU2tUthmd+UCIGIRjdFArtOIqrjclK5ZPnFo6faeTYr0eGQAU1BqLHY5AiEA
    qK0xXj+NU6ULT5FFq817Cd+nBj/Pr76oeGaKiXoAqEM=
    -----END RSA PRIVATE KEY-----

    """

  static let rsa = """
    -----BEGIN PRIVATE KEY-----
    MIIBVgIBADANBgkqhkiG9w0BAQEFAASCAUAwggE8AgEAAkEAx7JXvrniEXYDWrFg
    j8KbHJshpntoMvWmBia//zmusH1x1Xw+Gh7RwyC3HnMHxLi+xFw09MfkTS7iPw7h
    8XrQiwIDAQABAkEAwNc5IqYwaDo1XQRDQjBkR4iLQ1CSu/s5+2C6McZLKoQUNRhp
    xFu1YcL1zQiqYpGmuKViCCKhvgGfw6quEvKZkQIhAOukWlCrEIxdqBc1Wpmi2rdQ
    TytIYR3XC5bFzKgRdUGjAiEA2PL+aIe0VpT6pZ01SC44hSPvF+4hjnzCFruh4oLj
    s/kCIQDWwzoVH3O7mnhifpwOPmD8hdNB7XulyKKlTa1S2GZ35QIgYhGN0UCu04iq
    uNyUrlk+cWjp9p5NivR4ZABTUGosdjkCIQCorTFeP41TpQtPkUWrzXsJ36cGP8+v
    vqh4ZoqJegCoQw==
    -----END PRIVATE KEY-----

    """

  static let ellipticCurve = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgy7SWZzCBXyUBeHav
    6hi+hHHW3Y+BnpEbGEQKkWqGFHOhRANCAAS+8P2yxf4lULvR7uzSsxh5CsNKpYOq
    bICXNiZp9cEHgbfx8MccZIuNIBYFfinVX1lozHDiN1EaxxVFV5nAXyiI
    -----END PRIVATE KEY-----

    """

  static let x25519 = """
    -----BEGIN PRIVATE KEY-----
    MC4CAQAwBQYDK2VuBCIEIBDEpwd/Iq0XgEnI1/B2glEOVDsCj9nW9H+kvp0zO5Z4
    -----END PRIVATE KEY-----

    """

  static let publicRSA = """
    -----BEGIN PUBLIC KEY-----
    MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAMeyV7654hF2A1qxYI/CmxybIaZ7aDL1
    pgYmv/85rrB9cdV8Phoe0cMgtx5zB8S4vsRcNPTH5E0u4j8O4fF60IsCAwEAAQ==
    -----END PUBLIC KEY-----

    """

  static let publicEllipticCurve = """
    -----BEGIN PUBLIC KEY-----
    MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEvvD9ssX+JVC70e7s0rMYeQrDSqWD
    qmyAlzYmafXBB4G38fDHHGSLjSAWBX4p1V9ZaMxw4jdRGscVRVeZwF8oiA==
    -----END PUBLIC KEY-----

    """

  static let publicX25519 = """
    -----BEGIN PUBLIC KEY-----
    MCowBQYDK2VuAyEAdwwEVst+Lv4egoUaf1VG8dxxRsIW/i/5XtJm2/0mpks=
    -----END PUBLIC KEY-----

    """
}
