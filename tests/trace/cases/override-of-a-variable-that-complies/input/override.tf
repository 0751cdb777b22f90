variable "root_access" {
  default = "Disabled"
}
