variable "root_access" {
  type    = string
  default = "Enabled"
  validation {
    condition     = can(regex("^En", var.root_access))
    error_message = "Enabled."
  }
}
