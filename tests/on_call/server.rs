//! A running Alertmanager.
