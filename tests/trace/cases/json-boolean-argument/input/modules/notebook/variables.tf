variable "root" {
  type = bool
}
