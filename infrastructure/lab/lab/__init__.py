"""What the deployment is tried on: a Docker engine, a Kubernetes cluster, and tools, on a bare machine."""
