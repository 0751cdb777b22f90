variable "root_access" {
  type = string
}
