variable "access" {
  type = string
}
