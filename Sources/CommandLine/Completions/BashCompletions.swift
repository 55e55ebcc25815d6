/// Completions for bash, 4 or later. They need nothing but bash itself.
struct BashCompletions {
  let program: ProgramSyntax

  var text: String {
    """
    # Completions of \(program.name) for bash, made by "\(program.name) completions bash".

    _\(program.name)_offer() {
      case $1 in
        words) mapfile -t COMPREPLY < <(compgen -W "$2" -- "$3") ;;
        files) compopt -o filenames 2> /dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$3") ;;
        folders) compopt -o filenames 2> /dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$3") ;;
        nothing) COMPREPLY=() ;;
      esac
    }

    _\(program.name)() {
      local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
      local command=${COMP_WORDS[1]} first=2 options='' valued='' number=0 index
      COMPREPLY=()
      # bash makes three words of --name=value.
      if [[ $word == '=' ]]; then word=''
      elif [[ $before == '=' ]]; then before=${COMP_WORDS[COMP_CWORD - 2]}; fi
      if ((COMP_CWORD == 1)); then
        _\(program.name)_offer words '\(firstWords)' "$word"
        return
      fi
      case $command in
    \(groups)    *) ;;
      esac
      case $command in
    \(options)    *) return ;;
      esac
      case "$command $before" in
    \(values)    *) ;;
      esac
      if [[ $word == -* ]]; then
        _\(program.name)_offer words "$options --help" "$word"
        return
      fi
      for ((index = first; index < COMP_CWORD; index++)); do
        case ${COMP_WORDS[index]} in
          -?*)
            if [[ " $valued " == *" ${COMP_WORDS[index]} "* ]]; then
              [[ ${COMP_WORDS[index + 1]} == '=' ]] && ((index++))
              ((index++))
            fi ;;
          *) ((number++)) ;;
        esac
      done
      case "$command $number" in
    \(operands)    *) ;;
      esac
    }

    complete -F _\(program.name) \(program.name)

    """
  }

  private var firstWords: String {
    (program.firstWords + ["--help", "--version"]).joined(separator: " ")
  }

  /// One line for each first word that is a group's: its second word, and the command's whole name.
  private var groups: String {
    program.firstWords.map { (word: $0, group: program.group($0)) }.filter { !$0.group.isEmpty }
      .map { word, group in
        let seconds = group.map { $0.name.dropFirst(word.count + 1) }.joined(separator: " ")
        return """
              \(word))
                if ((COMP_CWORD == 2)); then
                  _\(program.name)_offer words '\(seconds)' "$word"
                  return
                fi
                command="\(word) ${COMP_WORDS[2]}" first=3 ;;

          """
      }.joined()
  }

  private var options: String {
    program.commands.map { command in
      let all = command.options.map { "--" + $0.name }.joined(separator: " ")
      let valued = command.options.filter { $0.placeholder != nil }.flatMap(\.spellings)
        .joined(separator: " ")
      return "    '\(command.name)') options='\(all)' valued='\(valued)' ;;\n"
    }.joined()
  }

  private var values: String {
    program.commands.flatMap { command in
      command.options.filter { $0.placeholder != nil }.map { option in
        let patterns = option.spellings.map { "'\(command.name) \($0)'" }.joined(separator: " | ")
        return "    \(patterns)) \(offer(option.completion)); return ;;\n"
      }
    }.joined()
  }

  private var operands: String {
    program.commands.map { command in
      let numbered = command.completions.enumerated().map { number, completion in
        let isLast = number == command.completions.count - 1
        return "    '\(command.name) '\(isLast ? "*" : "\(number)")) \(offer(completion)) ;;\n"
      }
      return numbered.joined()
    }.joined()
  }

  private func offer(_ completion: Completion) -> String {
    let (what, words) =
      switch completion {
      case .nothing: ("nothing", "")
      case .files: ("files", "")
      case .folders: ("folders", "")
      case .words(let words): ("words", words.joined(separator: " "))
      case .commands: ("words", program.firstWords.joined(separator: " "))
      }
    return "_\(program.name)_offer \(what) '\(words)' \"$word\""
  }
}

extension OptionSyntax {
  /// `--name`, and `-n` where there is a letter.
  var spellings: [String] { ["--" + name] + (letter.map { ["-\($0)"] } ?? []) }
}
