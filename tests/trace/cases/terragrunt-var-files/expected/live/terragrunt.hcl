terraform {
  extra_arguments "shared" {
    commands = get_terraform_commands_that_need_vars()
    optional_var_files = [
      find_in_parent_folders("account.tfvars", "ignored"),
      "${get_terragrunt_dir()}/not-there.tfvars",
    ]
  }

  extra_arguments "locks" {
    commands  = get_terraform_commands_that_need_locking()
    arguments = ["-lock-timeout=20m"]
    env_vars  = { AWS_PROFILE = "notebooks" }
  }
}

inputs = {
  root_access = "Disabled"
}
