terraform {
  extra_arguments "vars" {
    commands = ["plan", "apply"]
    required_var_files = [get_env("VAR_FILE")]
  }
}
