variable "root_access" {
  type    = string
  default = "Enabled"
}

variable "mode" {
  type    = string
  default = "debug"

  validation {
    condition     = !(var.mode == "debug" && var.root_access != "Enabled")
    error_message = "Debugging needs root."
  }
}
